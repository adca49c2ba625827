// The login as the tutorials of Go show it: net/http, encoding/json, bcrypt.
package main

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"time"

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
		RequestCode string `json:"request_code"`
	} `json:"header"`
	Body struct {
		MembEmail string `json:"memb_email"`
		MembPwd   string `json:"memb_pwd"`
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
	json.NewEncoder(w).Encode(answer{header{"1001A", code, message, ""}, body})
}

func handle(w http.ResponseWriter, r *http.Request) {
	parts := strings.Split(r.URL.Path, "/")
	if len(parts) != 4 || parts[3] != "login" {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodPost {
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	var sent login
	if err := json.NewDecoder(r.Body).Decode(&sent); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	for _, one := range users {
		if one.Company != parts[2] || one.Email != sent.Body.MembEmail {
			continue
		}
		if bcrypt.CompareHashAndPassword(one.hash, []byte(sent.Body.MembPwd)) != nil {
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
