"""The login as the tutorial of FastAPI shows it: models of pydantic, bcrypt, PyJWT."""

import json
import os
from datetime import UTC, datetime, timedelta

import bcrypt
import jwt
from fastapi import FastAPI
from pydantic import BaseModel

SECRET_KEY = "the secret of this server, long enough"

with open(os.environ["ACCOUNTS"], encoding="utf-8") as file:
    USERS = json.load(file)
for user in USERS:
    user["hash"] = bcrypt.hashpw(user.pop("password").encode(), bcrypt.gensalt(4))


class Header(BaseModel):
    request_code: str


class Body(BaseModel):
    memb_email: str
    memb_pwd: str


class Login(BaseModel):
    header: Header
    body: Body


app = FastAPI()


def answer(code, message, body=None):
    header = {"response_code": "1001A", "result_code": code, "result_msg": message}
    header["session_id"] = ""
    return {"header": header, "body": body}


@app.post("/api/{company_id}/login")
def login(company_id: str, sent: Login):
    for user in USERS:
        if user["company"] == company_id and user["email"] == sent.body.memb_email:
            break
    else:
        return answer("10", "로그인 정보가 정확하지 않습니다.")
    if not bcrypt.checkpw(sent.body.memb_pwd.encode(), user["hash"]):
        return answer("10", "로그인 정보가 정확하지 않습니다.")
    if user["blocked"]:
        return answer("95", "API를 호출할 수 없는 회사입니다. 관리자에게 문의해주세요.")
    expires = datetime.now(UTC) + timedelta(days=30)
    token = jwt.encode({"sub": user["email"], "exp": expires}, SECRET_KEY, algorithm="HS256")
    body = {
        "access_token": token,
        "comp_id": user["company"],
        "device_id": "web",
        "expire_date": expires,
        "memb_email": user["email"],
    }
    return answer("00", "성공적으로 로그인되었습니다.", body)
