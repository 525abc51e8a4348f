package transit

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"waymark/internal/fault"
	"waymark/trust/vault"
)

// service answers as the transit engine does for an aes256-gcm96 key.
type service struct {
	*httptest.Server
	key   cipher.AEAD
	token string
	calls atomic.Int64
}

func newService(t *testing.T) *service {
	block, err := aes.NewCipher(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	s := &service{token: "right"}
	if s.key, err = cipher.NewGCM(block); err != nil {
		t.Fatal(err)
	}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("VAULT_CACERT", ca)
	t.Setenv("VAULT_TOKEN", "")
	return s
}

func (s *service) address() string {
	return Scheme + strings.TrimPrefix(s.URL, "https://") + "/transit/keys/waymark"
}

func (s *service) serve(w http.ResponseWriter, r *http.Request) {
	s.calls.Add(1)
	answer := func(status int, v any) {
		w.WriteHeader(status)
		json.NewEncoder(w).Encode(v)
	}
	if r.Header.Get("X-Vault-Token") != s.token {
		answer(http.StatusForbidden, map[string]any{"errors": []string{"permission denied"}})
		return
	}
	var in struct {
		Plaintext, Ciphertext string
		Bound                 string `json:"associated_data"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		answer(http.StatusBadRequest, map[string]any{"errors": []string{"bad request"}})
		return
	}
	bound, _ := base64.StdEncoding.DecodeString(in.Bound)
	data := map[string]string{}
	switch r.URL.Path {
	case "/v1/transit/encrypt/waymark":
		plain, _ := base64.StdEncoding.DecodeString(in.Plaintext)
		nonce := make([]byte, s.key.NonceSize())
		rand.Read(nonce)
		data["ciphertext"] = "vault:v1:" + base64.StdEncoding.EncodeToString(s.key.Seal(nonce, nonce, plain, bound))
	case "/v1/transit/decrypt/waymark":
		raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(in.Ciphertext, "vault:v1:"))
		if err == nil && len(raw) < s.key.NonceSize() {
			err = errors.New("too short")
		}
		var plain []byte
		if err == nil {
			plain, err = s.key.Open(nil, raw[:s.key.NonceSize()], raw[s.key.NonceSize():], bound)
		}
		if err != nil {
			answer(http.StatusBadRequest, map[string]any{"errors": []string{"cipher: message authentication failed"}})
			return
		}
		data["plaintext"] = base64.StdEncoding.EncodeToString(plain)
	default:
		answer(http.StatusNotFound, map[string]any{"errors": []string{}})
		return
	}
	answer(http.StatusOK, map[string]any{"data": data})
}

func TestVaultOverAKeyService(t *testing.T) {
	s := newService(t)
	master, err := Open(Options{Key: s.address(), Token: "right"})
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "keys")
	v, err := vault.Open(dir, master)
	if err != nil {
		t.Fatal(err)
	}
	if err := v.Create(vault.Accounts); err != nil {
		t.Fatal(err)
	}
	sealed, err := v.Seal(vault.Accounts, []byte("a synthetic answer"), "a:1")
	if err != nil {
		t.Fatal(err)
	}
	before := s.calls.Load()
	for range 100 {
		if _, err := v.Open(vault.Accounts, sealed, "a:1"); err != nil {
			t.Fatal(err)
		}
	}
	if n := s.calls.Load() - before; n != 0 {
		t.Errorf("the key service was asked %d times for keys that are in memory", n)
	}

	again, err := vault.Open(dir, master)
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := again.Open(vault.Accounts, sealed, "a:1"); err != nil || !bytes.Equal(plain, []byte("a synthetic answer")) {
		t.Fatalf("after a restart: %q, %v", plain, err)
	}

	// From the service to a file, for those who leave it.
	file, err := vault.File(filepath.Join(t.TempDir(), "master.key"), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if n, err := again.Rewrap(file); err != nil || n != 1 {
		t.Fatalf("rewrapped %d, %v", n, err)
	}
	alone, err := vault.Open(dir, file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := alone.Open(vault.Accounts, sealed, "a:1"); err != nil {
		t.Fatal(err)
	}
	if _, err := vault.Open(dir, master); !errors.Is(err, vault.ErrNoKey) {
		t.Errorf("the old master key opens what it no longer wraps: %v", err)
	}
}

func TestTokenFileIsReadAnew(t *testing.T) {
	s := newService(t)
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("old\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	master, err := Open(Options{Key: s.address(), TokenFile: file})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := master.Encrypt([]byte("x"), nil); fault.KindOf(err) != fault.Denied || strings.Contains(err.Error(), "old") {
		t.Fatalf("a wrong token: %v", err)
	}
	if err := os.WriteFile(file, []byte("right\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := master.Encrypt([]byte("x"), nil); err != nil {
		t.Fatal(err)
	}
}

func TestFaultsOfAKeyService(t *testing.T) {
	s := newService(t)
	for _, o := range []Options{
		{Key: "https://127.0.0.1/transit/keys/a", Token: "t"}, {Key: "hcvault:///transit/keys/a", Token: "t"},
		{Key: "hcvault://127.0.0.1/transit/a", Token: "t"}, {Key: "hcvault://u:p@127.0.0.1/transit/keys/a", Token: "t"},
		{Key: s.address()},
	} {
		if _, err := Open(o); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", o.Key, err)
		}
	}
	missing, err := Open(Options{Key: s.address() + "-other", Token: "right"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := missing.Encrypt([]byte("x"), nil); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("a key that is not there: %v", err)
	}
	master, err := Open(Options{Key: s.address(), Token: "right"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := master.Decrypt([]byte("vault:v1:AAAA"), nil); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("bytes of another key: %v", err)
	}
	// Nobody trusts a certificate that VAULT_CACERT does not name.
	t.Setenv("VAULT_CACERT", "")
	t.Setenv("VAULT_MAX_RETRIES", "0")
	stranger, err := Open(Options{Key: s.address(), Token: "right"})
	if err != nil {
		t.Fatal(err)
	}
	before := s.calls.Load()
	if _, err := stranger.Encrypt([]byte("x"), nil); fault.KindOf(err) != fault.Unavailable || s.calls.Load() != before {
		t.Errorf("an unknown certificate: %v", err)
	}
}
