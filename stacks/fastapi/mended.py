"""As default.py, with the least that the page asks beyond it."""

import json
import os
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import uuid4

import bcrypt
import jwt
from fastapi import FastAPI, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel

SECRET_KEY = "the secret of this server, long enough"

with open(os.environ["ACCOUNTS"], encoding="utf-8") as file:
    USERS = json.load(file)
for user in USERS:
    user["hash"] = bcrypt.hashpw(user.pop("password").encode(), bcrypt.gensalt(4))


class Header(BaseModel):
    request_code: Literal["1001Q"]


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


def unreadable():
    text = "수신 메세지의 Body 정보가 잘못된 형태여서 파싱하지 못했습니다."
    return JSONResponse(answer("12", text))


@app.exception_handler(RequestValidationError)
async def refuse(request, error):
    """Answer in the one envelope; the default answer holds what was sent, the password too."""
    return unreadable()


@app.exception_handler(400)
async def refuse_bytes(request, error):
    """Answer a body that is not UTF-8, or nested too deep, in the one envelope."""
    return unreadable()


@app.exception_handler(Exception)
async def refuse_unexpected(request, error):
    return JSONResponse(answer("99", "Unexpected exception ( 잘못된 포맷 )"))


def is_right(password, hashed):
    # bcrypt reads 72 bytes, and since 5.0 raises for more.
    encoded = password.encode("utf-8", "replace")
    return len(encoded) <= 72 and bcrypt.checkpw(encoded, hashed)


@app.post("/api/{company_id}/login")
def login(company_id: str, sent: Login, response: Response):
    for user in USERS:
        if user["company"] == company_id and user["email"] == sent.body.memb_email:
            break
    else:
        return answer("10", "로그인 정보가 정확하지 않습니다.")
    if not is_right(sent.body.memb_pwd, user["hash"]):
        return answer("10", "로그인 정보가 정확하지 않습니다.")
    if user["blocked"]:
        return answer("95", "API를 호출할 수 없는 회사입니다. 관리자에게 문의해주세요.")
    expires = datetime.now(UTC) + timedelta(days=30)
    claims = {"sub": user["email"], "exp": expires, "jti": str(uuid4())}
    response.headers["Cache-Control"] = "no-store"
    body = {
        "access_token": jwt.encode(claims, SECRET_KEY, algorithm="HS256"),
        "comp_id": user["company"],
        "device_id": "web",
        "expire_date": expires,
        "memb_email": user["email"],
    }
    return answer("00", "성공적으로 로그인되었습니다.", body)
