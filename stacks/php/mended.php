<?php
// As default.php, with the least that the page asks beyond it, and php -d display_errors=0: a warning
// in front of the JSON is no JSON.
declare(strict_types=1);

function answer(string $code, string $message, ?array $body = null): never
{
    header('Content-Type: application/json');
    header('Cache-Control: no-store');
    $header = ['response_code' => '1001A', 'result_code' => $code, 'result_msg' => $message, 'session_id' => ''];
    echo json_encode(['header' => $header, 'body' => $body]);
    exit;
}

set_exception_handler(function (Throwable $error): void {
    error_log((string) $error);
    answer('99', 'Unexpected exception ( 잘못된 포맷 )');
});

function unreadable(): never
{
    answer('12', '수신 메세지의 Body 정보가 잘못된 형태여서 파싱하지 못했습니다.');
}

$users = json_decode(file_get_contents(getenv('ACCOUNTS')), true);
if (!preg_match('#^/api/([^/?]+)/login(\?|$)#', $_SERVER['REQUEST_URI'], $path)) {
    http_response_code(404);
    answer('10', '로그인 정보가 정확하지 않습니다.');
}
if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
    http_response_code(405);
    header('Allow: POST');
    exit;
}
if (!preg_match('#^application/json\s*(;|$)#i', $_SERVER['CONTENT_TYPE'] ?? '')) {
    unreadable();
}

$sent = json_decode(file_get_contents('php://input'));
$email = $sent->body->memb_email ?? null;
$password = $sent->body->memb_pwd ?? null;
if (($sent->header->request_code ?? null) !== '1001Q' || !is_string($email) || !is_string($password)) {
    unreadable();
}

foreach ($users as $user) {
    // bcrypt reads 72 bytes, and stops at NUL.
    if ($user['company'] === $path[1] && $user['email'] === $email
        && strlen($password) <= 72 && !str_contains($password, "\0")) {
        $hash = password_hash($user['password'], PASSWORD_BCRYPT, ['cost' => 4]);
        if (!password_verify($password, $hash)) {
            break;
        }
        if ($user['blocked']) {
            answer('95', 'API를 호출할 수 없는 회사입니다. 관리자에게 문의해주세요.');
        }
        answer('00', '성공적으로 로그인되었습니다.', [
            'access_token' => bin2hex(random_bytes(32)),
            'comp_id' => $user['company'],
            'device_id' => 'web',
            'expire_date' => date('Y-m-d H:i:s', time() + 30 * 86400),
            'memb_email' => $user['email'],
        ]);
    }
}
answer('10', '로그인 정보가 정확하지 않습니다.');
