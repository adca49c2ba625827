// The login as tutorials of servlets and Jackson show it.
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.File;
import java.io.IOException;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

@WebServlet("/api/*")
public class Login extends HttpServlet {
    private final ObjectMapper mapper = new ObjectMapper();

    private void answer(HttpServletResponse response, String code, String message, Object body)
            throws IOException {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("response_code", "1001A");
        header.put("result_code", code);
        header.put("result_msg", message);
        header.put("session_id", "");
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("header", header);
        answer.put("body", body);
        response.setContentType("application/json");
        response.getWriter().write(mapper.writeValueAsString(answer));
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String company = request.getPathInfo().split("/")[1];
        JsonNode sent = mapper.readTree(request.getReader()).get("body");
        String email = sent.get("memb_email").asText();
        String password = sent.get("memb_pwd").asText();
        for (JsonNode user : mapper.readTree(new File(System.getenv("ACCOUNTS")))) {
            if (!user.get("company").asText().equals(company)
                    || !user.get("email").asText().equals(email)
                    || !user.get("password").asText().equals(password)) {
                continue;
            }
            if (user.get("blocked").asBoolean()) {
                answer(response, "95", "API를 호출할 수 없는 회사입니다. 관리자에게 문의해주세요.", null);
                return;
            }
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("access_token", UUID.randomUUID().toString());
            body.put("comp_id", company);
            body.put("device_id", "web");
            body.put("expire_date", LocalDateTime.now().plusDays(30).toString());
            body.put("memb_email", email);
            answer(response, "00", "성공적으로 로그인되었습니다.", body);
            return;
        }
        answer(response, "10", "로그인 정보가 정확하지 않습니다.", null);
    }
}
