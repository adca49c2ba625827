"""As default.py, with the least that the page asks beyond it."""

import json
import os
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import jwt
from flask import Flask, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.security import check_password_hash, generate_password_hash

app = Flask(__name__)
app.secret_key = "the secret of this server, long enough"

with open(os.environ["ACCOUNTS"], encoding="utf-8") as file:
    USERS = json.load(file)
for user in USERS:
    user["hash"] = generate_password_hash(user.pop("password"), "pbkdf2:sha256:1000")


def answer(code, message, body=None):
    header = {"response_code": "1001A", "result_code": code, "result_msg": message}
    header["session_id"] = ""
    return {"header": header, "body": body}


@app.errorhandler(Exception)
def refuse(error):
    """Answer whatever goes wrong in the one envelope: a body that is no JSON, a member too few."""
    if isinstance(error, MethodNotAllowed):
        return error
    known = isinstance(error, (HTTPException, ValueError, RecursionError))
    if not known:
        app.logger.error("unexpected", exc_info=error)
        return answer("99", "Unexpected exception ( 잘못된 포맷 )")
    return answer("12", "수신 메세지의 Body 정보가 잘못된 형태여서 파싱하지 못했습니다.")


def no_twins(pairs):
    """Refuse an object that names a member twice."""
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a member stands twice")
    return dict(pairs)


def no_number(text):
    """Refuse NaN and Infinity, which JSON does not have."""
    raise ValueError(text)


def read():
    """Return email and password, where the body is what the page documents."""
    if request.mimetype != "application/json":
        raise ValueError("another media type")
    text = request.get_data().decode("utf-8")
    sent = json.loads(text, object_pairs_hook=no_twins, parse_constant=no_number)
    match sent:
        case {
            "header": {"request_code": "1001Q"},
            "body": {"memb_email": str(email), "memb_pwd": str(password)},
        }:
            # A lone surrogate is no character that could be hashed.
            (email + password).encode()
            return email, password
    raise ValueError("a member is missing, or of another type")


@app.post("/api/<company_id>/login")
def login(company_id):
    email, password = read()
    for user in USERS:
        if user["company"] == company_id and user["email"] == email:
            break
    else:
        return answer("10", "로그인 정보가 정확하지 않습니다.")
    if not check_password_hash(user["hash"], password):
        return answer("10", "로그인 정보가 정확하지 않습니다.")
    if user["blocked"]:
        return answer("95", "API를 호출할 수 없는 회사입니다. 관리자에게 문의해주세요.")
    expires = datetime.now(UTC) + timedelta(days=30)
    claims = {"sub": email, "exp": expires, "jti": str(uuid4())}
    body = {
        "access_token": jwt.encode(claims, app.secret_key, algorithm="HS256"),
        "comp_id": user["company"],
        "device_id": "web",
        "expire_date": expires.isoformat(),
        "memb_email": user["email"],
    }
    return answer("00", "성공적으로 로그인되었습니다.", body), {"Cache-Control": "no-store"}
