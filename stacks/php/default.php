<?php
// The login as PHP's manual shows it: json_decode, password_verify, json_encode.

function answer(string $code, string $message, ?array $body = null): void
{
    header('Content-Type: application/json');
    $header = ['response_code' => '1001A', 'result_code' => $code, 'result_msg' => $message, 'session_id' => ''];
    echo json_encode(['header' => $header, 'body' => $body]);
}

$users = json_decode(file_get_contents(getenv('ACCOUNTS')), true);
preg_match('#^/api/([^/?]+)/login#', $_SERVER['REQUEST_URI'], $path);

$sent = json_decode(file_get_contents('php://input'), true);
$email = $sent['body']['memb_email'];
$password = $sent['body']['memb_pwd'];

foreach ($users as $user) {
    if ($user['company'] == $path[1] && $user['email'] == $email) {
        $hash = password_hash($user['password'], PASSWORD_BCRYPT, ['cost' => 4]);
        if (!password_verify($password, $hash)) {
            break;
        }
        if ($user['blocked']) {
            answer('95', 'API를 호출할 수 없는 회사입니다. 관리자에게 문의해주세요.');
            exit;
        }
        answer('00', '성공적으로 로그인되었습니다.', [
            'access_token' => bin2hex(random_bytes(32)),
            'comp_id' => $user['company'],
            'device_id' => 'web',
            'expire_date' => date('Y-m-d H:i:s', time() + 30 * 86400),
            'memb_email' => $user['email'],
        ]);
        exit;
    }
}
answer('10', '로그인 정보가 정확하지 않습니다.');
