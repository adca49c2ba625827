// As default/Login.java, with the least that the page asks beyond it.
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

@WebServlet("/api/*")
public class Login extends HttpServlet {
    private final ObjectMapper mapper = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

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
        // Without it the text goes out in ISO-8859-1, every Korean letter as a question mark.
        response.setCharacterEncoding("UTF-8");
        response.setHeader("Cache-Control", "no-store");
        response.getWriter().write(mapper.writeValueAsString(answer));
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        // split() leaves out empty parts at the end.
        String[] parts = request.getPathInfo().split("/", -1);
        JsonNode email = null;
        JsonNode password = null;
        String code = null;
        String type = request.getContentType();
        if (type != null && type.toLowerCase(Locale.ROOT).matches("application/json *(;.*)?")) {
            try {
                // Bytes: a reader would decode them as ISO-8859-1.
                byte[] bytes = request.getInputStream().readAllBytes();
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
                JsonNode sent = mapper.readTree(bytes);
                code = sent.at("/header/request_code").textValue();
                email = sent.at("/body/memb_email");
                password = sent.at("/body/memb_pwd");
            } catch (IOException | StackOverflowError unread) {
                code = null;
            }
        }
        // asText() makes a text of numbers and null.
        if (!"1001Q".equals(code) || !email.isTextual() || !password.isTextual()) {
            String text = "수신 메세지의 Body 정보가 잘못된 형태여서 파싱하지 못했습니다.";
            answer(response, "12", text, null);
            return;
        }
        login(response, parts[1], email.asText(), password.asText());
    }

    private void login(HttpServletResponse response, String company, String email, String password)
            throws IOException {
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

    // HttpServlet answers these itself, with the page of an error and without Allow.
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (request.getMethod().equals("POST")) {
            doPost(request, response);
        } else {
            response.setStatus(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
            response.setHeader("Allow", "POST");
        }
    }
}
