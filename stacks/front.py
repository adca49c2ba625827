"""The login in front of an account store: what is right in it is not what is judged here."""

import json
import os
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from flask import Flask, request
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed

app = Flask(__name__)


def accounts():
    """Return the made-up accounts: company, blocked, email, password."""
    with open(os.environ["ACCOUNTS"], encoding="utf-8") as file:
        return json.load(file)


def answer(code, message, body=None):
    """Return an answer in the one envelope."""
    header = {"response_code": "1001A", "result_code": code, "result_msg": message}
    header["session_id"] = ""
    return {"header": header, "body": body}


@app.errorhandler(HTTPException)
def refuse(error):
    """Refuse what the router refuses; what the store did not take is an error of the server."""
    if isinstance(error, MethodNotAllowed | InternalServerError):
        return error
    return answer("10", "로그인 정보가 정확하지 않습니다.")


def no_twins(pairs):
    """Refuse an object that names a member twice."""
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a member stands twice")
    return dict(pairs)


def no_number(text):
    """Refuse NaN and Infinity, which JSON does not have."""
    raise ValueError(text)


def read():
    """Return email and password, or None where the body is another than the page documents."""
    if request.mimetype != "application/json":
        return None
    try:
        text = request.get_data().decode("utf-8")
        sent = json.loads(text, object_pairs_hook=no_twins, parse_constant=no_number)
        match sent:
            case {
                "header": {"request_code": "1001Q"},
                "body": {"memb_email": str(email), "memb_pwd": str(password)},
            }:
                # A lone surrogate is no character that could be stored.
                (email + password).encode()
                return email, password
    except (ValueError, RecursionError):
        pass
    return None


def serve(check):
    """Serve logins; `check` returns company, email and whether the company is blocked, or None."""

    @app.post("/api/<company_id>/login")
    def login(company_id):
        sent = read()
        if sent is None:
            return answer("12", "수신 메세지의 Body 정보가 잘못된 형태여서 파싱하지 못했습니다.")
        found = check(company_id, *sent)
        if found is None:
            return answer("10", "로그인 정보가 정확하지 않습니다.")
        company, email, blocked = found
        if blocked:
            return answer("95", "API를 호출할 수 없는 회사입니다. 관리자에게 문의해주세요.")
        body = {
            "access_token": f"{uuid4()}{uuid4()}",
            "comp_id": company,
            "device_id": "web",
            "expire_date": (datetime.now(UTC) + timedelta(days=30)).isoformat(),
            "memb_email": email,
        }
        success = answer("00", "성공적으로 로그인되었습니다.", body)
        return success, {"Cache-Control": "no-store"}

    app.run("127.0.0.1", int(os.environ["PORT"]), threaded=True)
