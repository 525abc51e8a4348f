package main

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOnlyTrustedProxiesSayWhereARequestComesFrom(t *testing.T) {
	for _, c := range []struct{ peer, header, want string }{
		{"203.0.113.9:5000", "198.51.100.1", "203.0.113.9:5000"},
		{"127.0.0.1:5000", "198.51.100.1", "198.51.100.1:0"},
		{"127.0.0.1:5000", "6.6.6.6, 198.51.100.1", "198.51.100.1:0"},
		{"127.0.0.1:5000", "198.51.100.1, 127.0.0.1", "198.51.100.1:0"},
		{"127.0.0.1:5000", "<script>", "127.0.0.1:5000"},
		{"127.0.0.1:5000", "", "127.0.0.1:5000"},
	} {
		got := ""
		h := behindProxy([]string{"127.0.0.0/8"}, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.RemoteAddr }))
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.peer
		if c.header != "" {
			r.Header.Set("X-Forwarded-For", c.header)
		}
		h.ServeHTTP(httptest.NewRecorder(), r)
		if got != c.want {
			t.Errorf("from %s, forwarded for %q: %s, want %s", c.peer, c.header, got, c.want)
		}
	}
}

func TestTheConnectionLogHoldsNoAddress(t *testing.T) {
	var b bytes.Buffer
	l := slog.NewLogLogger(quietHandler{slog.NewTextHandler(&b, nil)}, slog.LevelInfo)
	l.Print("http: TLS handshake error from 203.0.113.9:5000: EOF")
	l.Print("http: panic serving 203.0.113.9:5000: runtime error")
	if strings.Contains(b.String(), "203.0.113.9") || !strings.Contains(b.String(), "TLS handshake error") {
		t.Errorf("logged: %s", b.String())
	}
}

func TestSettingsGiveEveryFaultAtOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "waymark.yaml")
	text := "listen: nowhere\nlanguage: xx\nbase: http://data.example.org\ntls: {cert: a.pem}\nproxy: {trust: [everyone]}\nlog: {format: xml, level: loud}\nfiles: {s3: {}}\nbackup: {dir: /b}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := loadServeConfig(file)
	if err != nil {
		t.Fatal(err)
	}
	err = c.check()
	for _, want := range []string{`"listen"`, `"language"`, `"base"`, `"tls"`, `"proxy.trust"`, `"log.format"`, `"log.level"`, `"files.s3"`, `"backup"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no fault at %s in: %v", want, err)
		}
	}
	if err := os.WriteFile(file, []byte("listen: :8080\nlisten_adress: x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := loadServeConfig(file); err == nil || !strings.Contains(err.Error(), "row 2") {
		t.Errorf("an unknown setting: %v, want its row", err)
	}
}

func TestSettingsOfTheExampleAreTrue(t *testing.T) {
	dir := t.TempDir()
	plain := filepath.Join(dir, "plain.yaml")
	if err := os.WriteFile(plain, []byte(configExample), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := loadServeConfig(plain)
	if err == nil {
		err = c.check()
	}
	if err != nil || c.Listen != "127.0.0.1:8080" || c.Base != "http://localhost:8080" {
		t.Fatalf("the example as it stands: %v, %+v", err, c)
	}
	// Every line that is commented out must be a setting that exists.
	var lines []string
	for line := range strings.Lines(configExample) {
		if s, ok := strings.CutPrefix(line, "# "); ok && strings.Contains(line, ":") && !strings.Contains(s, ". ") {
			line = s
		}
		lines = append(lines, line)
	}
	all := filepath.Join(dir, "all.yaml")
	if err := os.WriteFile(all, []byte(strings.Join(lines, "")), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err = loadServeConfig(all)
	if err != nil || c.Files.S3 == nil || c.Backup.Keep != 14 || c.SignOn == nil || c.Base != "https://data.example.org" {
		t.Fatalf("the example with every line: %v, %+v", err, c)
	}
}
