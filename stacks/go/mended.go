// As default.go, with the least that the page asks beyond it.
package main

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/bcrypt"
)

type user struct {
	Company  string `json:"company"`
	Blocked  bool   `json:"blocked"`
	Email    string `json:"email"`
	Password string `json:"password"`
	hash     []byte
}

type login struct {
	Header struct {
		RequestCode *string `json:"request_code"`
	} `json:"header"`
	Body struct {
		MembEmail *string `json:"memb_email"`
		MembPwd   *string `json:"memb_pwd"`
	} `json:"body"`
}

type header struct {
	ResponseCode string `json:"response_code"`
	ResultCode   string `json:"result_code"`
	ResultMsg    string `json:"result_msg"`
	SessionID    string `json:"session_id"`
}

type issued struct {
	AccessToken string    `json:"access_token"`
	CompID      string    `json:"comp_id"`
	DeviceID    string    `json:"device_id"`
	ExpireDate  time.Time `json:"expire_date"`
	MembEmail   string    `json:"memb_email"`
}

type answer struct {
	Header header  `json:"header"`
	Body   *issued `json:"body"`
}

var users []user

func reply(w http.ResponseWriter, code, message string, body *issued) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	json.NewEncoder(w).Encode(answer{header{"1001A", code, message, ""}, body})
}

// read takes one JSON text of the documented type: Decode alone would leave what comes after it, and
// take a null or a missing member for an empty text.
func read(r *http.Request) (sent login, ok bool) {
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || mediaType != "application/json" {
		return sent, false
	}
	bytes, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, 1<<20))
	if err != nil || !utf8.Valid(bytes) || json.Unmarshal(bytes, &sent) != nil {
		return sent, false
	}
	code := sent.Header.RequestCode
	ok = code != nil && *code == "1001Q" && sent.Body.MembEmail != nil && sent.Body.MembPwd != nil
	return sent, ok
}

func handle(w http.ResponseWriter, r *http.Request) {
	parts := strings.Split(r.URL.Path, "/")
	if len(parts) != 4 || parts[3] != "login" {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	sent, ok := read(r)
	if !ok {
		reply(w, "12", "수신 메세지의 Body 정보가 잘못된 형태여서 파싱하지 못했습니다.", nil)
		return
	}
	for _, one := range users {
		if one.Company != parts[2] || one.Email != *sent.Body.MembEmail {
			continue
		}
		// bcrypt reads 72 bytes.
		if len(*sent.Body.MembPwd) > 72 {
			break
		}
		if bcrypt.CompareHashAndPassword(one.hash, []byte(*sent.Body.MembPwd)) != nil {
			break
		}
		if one.Blocked {
			reply(w, "95", "API를 호출할 수 없는 회사입니다. 관리자에게 문의해주세요.", nil)
			return
		}
		token := make([]byte, 32)
		rand.Read(token)
		reply(w, "00", "성공적으로 로그인되었습니다.", &issued{
			hex.EncodeToString(token), one.Company, "web", time.Now().Add(30 * 24 * time.Hour), one.Email,
		})
		return
	}
	reply(w, "10", "로그인 정보가 정확하지 않습니다.", nil)
}

func main() {
	text, err := os.ReadFile(os.Getenv("ACCOUNTS"))
	if err != nil {
		panic(err)
	}
	if err := json.Unmarshal(text, &users); err != nil {
		panic(err)
	}
	for i := range users {
		users[i].hash, _ = bcrypt.GenerateFromPassword([]byte(users[i].Password), 4)
	}
	http.HandleFunc("/api/", handle)
	panic(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}
