package page

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

const flashCookie = "notice"

// flashLife is how long a message waits for its page.
const flashLife = time.Minute

// flash is a message that the next page shows once.
type flash struct {
	Key     string `json:"k"`
	Args    []any  `json:"a,omitempty"`
	Expires int64  `json:"e"`
}

// Flash shows a message on the next page, after a redirect: the text of a key, with
// its variables. It travels in a signed cookie, so no variable may be personal.
func (r *Request) Flash(key string, args ...any) {
	body, err := json.Marshal(flash{Key: key, Args: args, Expires: r.House.Now().Add(flashLife).Unix()})
	if err != nil || len(body) > 2000 {
		r.House.Log.Error("message not kept", "key", key)
		return
	}
	text := base64.RawURLEncoding.EncodeToString(body)
	http.SetCookie(r.W, r.flashCookie(text+"."+r.House.sign("flash", text), int(flashLife.Seconds())))
}

func (r *Request) flashCookie(value string, age int) *http.Cookie {
	return &http.Cookie{Name: flashCookie, Value: value, Path: "/", MaxAge: age, HttpOnly: true,
		Secure: r.House.Secure(), SameSite: http.SameSiteLaxMode}
}

// takeFlash reads the message, if there is one, and removes it.
func (r *Request) takeFlash() string {
	c, err := r.Cookie(flashCookie)
	if err != nil {
		return ""
	}
	http.SetCookie(r.W, r.flashCookie("", -1))
	text, mark, ok := strings.Cut(c.Value, ".")
	if !ok || !hmac.Equal([]byte(mark), []byte(r.House.sign("flash", text))) {
		return ""
	}
	body, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return ""
	}
	var f flash
	if json.Unmarshal(body, &f) != nil || r.House.Now().Unix() > f.Expires {
		return ""
	}
	for i, a := range f.Args {
		// JSON knows no whole numbers.
		if n, ok := a.(float64); ok {
			f.Args[i] = int(n)
		}
	}
	return r.Text(f.Key, f.Args...)
}

// sign is a keyed digest of a text for one purpose.
func (h *House) sign(purpose, text string) string {
	m := hmac.New(sha256.New, h.Secret)
	m.Write([]byte(purpose + "\x00" + text))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}
