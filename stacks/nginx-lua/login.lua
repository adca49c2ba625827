-- The login in nginx itself: no process and no store behind it, and so as cheap as a login can be.
local cjson = require("cjson.safe")

cjson.decode_invalid_numbers(false)
cjson.decode_max_depth(100)

local LARGEST_BODY = 1024 * 1024
local MONTH = 30 * 24 * 60 * 60
local TEXTS = {
    ko = {
        ["00"] = "성공적으로 로그인되었습니다.",
        ["10"] = "로그인 정보가 정확하지 않습니다.",
        ["12"] = "수신 메세지의 Body 정보가 잘못된 형태여서 파싱하지 못했습니다.",
        ["95"] = "API를 호출할 수 없는 회사입니다. 관리자에게 문의해주세요.",
        ["99"] = "Unexpected exception ( 잘못된 포맷 )",
    },
    en = {
        ["00"] = "You have successfully logged in.",
        ["10"] = "Your login information is incorrect.",
        ["12"] = "Parsing failed because the body information of the received message is incorrect.",
        ["95"] = "The company is unable to call the API. Please contact the customer center.",
        ["99"] = "Unexpected exception (incorrect format)",
    },
    ja = {
        ["00"] = "成功裏にログインされました。",
        ["10"] = "ログイン情報が正確ではありません。",
        ["12"] = "受信メッセージのBody情報が正しくない形のため、パスできませんでした。",
        ["95"] = "APIを呼び出せない会社です。 管理者にお問い合わせください。",
        ["99"] = "Unexpected exception(誤ったフォーマット)",
    },
}

local login = {}
local companies = {}
local refusals = {}
local random

local function header_of(code, text)
    return '{"header":{"response_code":"1001A","result_code":"' .. code .. '","result_msg":'
        .. cjson.encode(text) .. ',"session_id":""}'
end

-- Everything of an answer but the token and the date is the same each time, and is written once.
function login.load(path)
    local heads = {}
    for language, texts in pairs(TEXTS) do
        refusals[language] = {}
        heads[language] = header_of("00", texts["00"]) .. ',"body":{"access_token":"'
        for code, text in pairs(texts) do
            refusals[language][code] = header_of(code, text) .. "}"
        end
    end
    local file = assert(io.open(path, "rb"))
    for number, one in ipairs(assert(cjson.decode(file:read("*a")))) do
        companies[one.company] = companies[one.company] or {}
        companies[one.company][one.email] = {
            password = one.password,
            blocked = one.blocked,
            heads = heads,
            tail = '","comp_id":' .. cjson.encode(one.company) .. ',"device_id":"device-' .. number
                .. '","memb_email":' .. cjson.encode(one.email) .. ',"expire_date":"',
        }
    end
    file:close()
end

-- Each worker reads from its own: what one has read ahead is nobody else's token.
function login.start()
    random = assert(io.open("/dev/urandom", "rb"))
end

local function send(text)
    ngx.header["Content-Type"] = "application/json;charset=UTF-8"
    ngx.header["Cache-Control"] = "no-store"
    ngx.header["Content-Length"] = #text
    ngx.print(text)
end

local function is_json(media_type)
    if media_type == "application/json" then
        return true
    end
    local plain = type(media_type) == "string" and media_type:lower():gsub('[ \t"]', "")
    return plain == "application/json" or plain == "application/json;charset=utf-8"
end

-- cjson does not look whether a text is UTF-8; PCRE does before it searches.
local function is_utf8(raw)
    return not raw:find("[\128-\255]") or select(3, ngx.re.find(raw, "^", "u")) == nil
end

local function read()
    ngx.req.read_body()
    local raw = ngx.req.get_body_data()
    local sent = raw and #raw <= LARGEST_BODY and is_utf8(raw) and cjson.decode(raw)
    if type(sent) ~= "table" or type(sent.header) ~= "table" or type(sent.body) ~= "table" then
        return nil
    end
    return sent.header.request_code, sent.body.memb_email, sent.body.memb_pwd
end

local function decide(company)
    local code, email, password = read()
    if type(code) ~= "string" or type(email) ~= "string" or type(password) ~= "string" then
        return "12"
    end
    if code ~= "1001Q" then
        return "99"
    end
    local account = companies[company] and companies[company][email]
    if not account or account.password ~= password then
        return "10"
    end
    if account.blocked then
        return "95"
    end
    return "00", account
end

function login.answer(company)
    if ngx.req.get_method() ~= "POST" then
        ngx.header["Allow"] = "POST"
        return ngx.exit(405)
    end
    if not is_json(ngx.var.content_type) or ngx.var.http_content_encoding then
        return ngx.exit(415)
    end
    local language = TEXTS[ngx.var.arg_lang] and ngx.var.arg_lang or "ko"
    local code, account = decide(company)
    if not account then
        return send(refusals[language][code])
    end
    local token = ngx.encode_base64(random:read(96))
    local ends = os.date("!%Y-%m-%d %H:%M:%S.0", ngx.time() + MONTH)
    send(account.heads[language] .. token .. account.tail .. ends .. '"}}')
end

return login
