"""What a fleet's judge is given, looked at before anybody waits for workers or sends anything."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from .. import resources
from ..contract.waiver_file import read_waivers
from ..contract.yaml_document import ContractError, problems_of
from ..i18n.errors import ConfigurationError
from ..i18n.message import say
from ..i18n.outside import reason_of
from ..resources import shown_path
from ..runner.requests.contract_check import load
from ..target.labels import labels_of
from ..verdicts.exit_status import check_fail_on
from .plan import LoadPlan


def check_judge_settings(given: Namespace, plan: LoadPlan) -> None:
    """Raise `ConfigurationError` where the judge could not use its waivers, or another setting of its own.

    It says so itself, but not before a test is under way, and by then the workers send.
    """
    contract = load().under_load()
    file = given.waivers or plan.target.waivers
    if file:
        try:
            read_waivers(Path(file).absolute(), contract)
        except ContractError as error:
            raise ConfigurationError(problems_of(error)) from None
    check_fail_on(given.fail_on or (), contract)
    labels_of(tuple(given.label or ()))
    directory = Path(given.report_dir or resources.reports()).absolute()
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        where = shown_path(directory)
        raise ConfigurationError(
            say("directory-unwritable", directory=where, reason=reason_of(error))
        ) from None
