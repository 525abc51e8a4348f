package post

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waymark/referral/handover"
	"waymark/referral/handover/handovertest"
)

const token = "synthetic-token-of-a-test"

func tokenFile(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// served is a service over TLS with a handler.
func served(t *testing.T, h http.HandlerFunc) *Service {
	t.Helper()
	server := httptest.NewTLSServer(h)
	t.Cleanup(server.Close)
	pool := x509.NewCertPool()
	pool.AddCert(server.Certificate())
	s, err := New(Options{URL: server.URL + "/referrals", TokenFile: tokenFile(t, token+"\n"), TLS: &tls.Config{RootCAs: pool}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func code(err error) handover.Code {
	var f *handover.Failure
	if errors.As(err, &f) {
		return f.Code
	}
	return ""
}

// TestAPackageIsTakenOnce: the fake service of the tests behind the protocol.
func TestAPackageIsTakenOnce(t *testing.T) {
	fake := &handovertest.Service{}
	s := served(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != "POST" || r.URL.Path != "/referrals" || r.Header.Get("Authorization") != "Bearer "+token || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("asked %s %s with %v", r.Method, r.URL.Path, r.Header)
		}
		body, _ := io.ReadAll(r.Body)
		receipt, err := fake.Send(r.Context(), r.Header.Get("Idempotency-Key"), body)
		if err != nil {
			w.WriteHeader(409)
			return
		}
		w.WriteHeader(201)
		_ = json.NewEncoder(w).Encode(map[string]string{"receipt": receipt})
	})
	for range 3 {
		if receipt, err := s.Send(t.Context(), "k1", []byte(`{"synthetic":1}`)); err != nil || receipt != "receipt-of-k1" {
			t.Errorf("%q, %v", receipt, err)
		}
	}
	if _, err := s.Send(t.Context(), "k1", []byte(`{"synthetic":2}`)); code(err) != handover.KeyTaken {
		t.Errorf("another body under a key: %v", err)
	}
	if fake.Taken() != 1 {
		t.Errorf("taken %d times", fake.Taken())
	}
}

func TestAnswersBecomeCodes(t *testing.T) {
	for status, want := range map[int]handover.Code{400: handover.Malformed, 401: handover.Forbidden, 403: handover.Forbidden, 404: handover.Unlike, 408: handover.Busy,
		409: handover.KeyTaken, 413: handover.TooLarge, 415: handover.Malformed, 422: handover.Unwanted, 429: handover.Busy, 500: handover.Trouble, 503: handover.Busy, 204: handover.Unlike, 302: handover.Unlike} {
		s := served(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "/other") // not followed
			w.WriteHeader(status)
			if status != 204 {
				_, _ = io.WriteString(w, "Synthetic Person cannot be taken")
			}
		})
		_, err := s.Send(t.Context(), "k", []byte("{}"))
		if code(err) != want {
			t.Errorf("%d is %v, not %s", status, err, want)
		}
		if strings.Contains(err.Error(), "Synthetic") {
			t.Error("the error repeats the service's words")
		}
	}
	for _, body := range []string{"", "{}", "no JSON", `{"receipt":""}`, `{"receipt":"` + strings.Repeat("x", mostAnswer) + `"}`} {
		s := served(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, body) })
		if _, err := s.Send(t.Context(), "k", []byte("{}")); code(err) != handover.Unlike {
			t.Errorf("%.20q is %v", body, err)
		}
	}
	s := served(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	if _, err := s.Send(t.Context(), "k", []byte("{}")); code(err) != handover.Unreachable {
		t.Errorf("a line that breaks: %v", err)
	}
	if _, err := s.Send(t.Context(), "k", make([]byte, mostBody+1)); code(err) != handover.TooLarge {
		t.Errorf("too large: %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Send(gone, "k", []byte("{}")); code(err) != handover.Unreachable {
		t.Errorf("cancelled: %v", err)
	}
}

func TestSettings(t *testing.T) {
	file := tokenFile(t, token)
	for _, u := range []string{"", "service.example.org", "http://service.example.org/x", "ftp://service.example.org", "https://user:secret@service.example.org", "https://", "http://192.0.2.1/"} {
		if _, err := New(Options{URL: u, TokenFile: file}); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", u, err)
		}
	}
	for _, u := range []string{"https://service.example.org/referrals", "http://127.0.0.1:9000/", "http://localhost:9000/", "http://[::1]:9000/"} {
		if _, err := New(Options{URL: u, TokenFile: file}); err != nil {
			t.Errorf("%q: %v", u, err)
		}
	}
	for _, text := range []string{"", " \n", "two\nlines", strings.Repeat("x", mostToken+1)} {
		_, err := New(Options{URL: "https://service.example.org", TokenFile: tokenFile(t, text)})
		if err == nil || strings.Contains(err.Error(), "two") {
			t.Errorf("a token of %d bytes: %v", len(text), err)
		}
	}
	if _, err := New(Options{URL: "https://service.example.org", TokenFile: filepath.Join(t.TempDir(), "none")}); err == nil {
		t.Error("a file that is not there is taken")
	}
	// A certificate that nobody vouches for.
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was asked") }))
	defer server.Close()
	s, err := New(Options{URL: server.URL, TokenFile: file})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Send(t.Context(), "k", []byte("{}")); code(err) != handover.Unreachable {
		t.Errorf("%v", err)
	}
}
