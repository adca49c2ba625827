"""The login as the tutorial of Flask shows it, with Werkzeug's password hashes and PyJWT."""

import json
import os
from datetime import UTC, datetime, timedelta

import jwt
from flask import Flask, request
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


@app.post("/api/<company_id>/login")
def login(company_id):
    sent = request.json["body"]
    email, password = sent["memb_email"], sent["memb_pwd"]
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
    token = jwt.encode({"sub": email, "exp": expires}, app.secret_key, algorithm="HS256")
    body = {
        "access_token": token,
        "comp_id": user["company"],
        "device_id": "web",
        "expire_date": expires.isoformat(),
        "memb_email": user["email"],
    }
    return answer("00", "성공적으로 로그인되었습니다.", body)
