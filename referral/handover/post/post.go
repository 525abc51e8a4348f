// Package post brings packages to an authority's service over HTTPS. What such a
// service must do:
//
//	POST to its address, Content-Type: application/json, a body of handover.Machine
//	Authorization: Bearer TOKEN
//	Idempotency-Key: KEY, the same at every attempt for one package
//
//	200 or 201  {"receipt": "..."}; the same key and body again gets the same receipt
//	400, 415    it cannot read the package        413  too large
//	409         the key came with another body    422  it does not take such a referral
//	401, 403    the token is wrong                408, 425, 429, 503  later
//	other 5xx   its own trouble
//
// Anything else is an answer that it should not give, and is tried again. A redirect
// is not followed. The package holds no copy of a service's words: they could repeat
// what was sent.
package post

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"

	"waymark/internal/fault"
	"waymark/referral/handover"
)

// The limits of one attempt.
const (
	mostBody   = 8 << 20
	mostAnswer = 64 << 10
	mostToken  = 16 << 10
	patience   = 60 * time.Second
)

// Options say where the service is.
type Options struct {
	// URL of the service: https, or http on this machine alone. Required.
	URL string
	// TokenFile holds the bearer token, one line. It is read at every attempt, so that
	// a new one needs no restart. Required.
	TokenFile string
	// TLS is for certificates of an authority of one's own. Default: those of the
	// system, TLS 1.2 or later.
	TLS *tls.Config
}

// Service implements handover.Sender.
type Service struct {
	url, token string
	client     *http.Client
}

// New checks the options, all of them at once.
func New(o Options) (*Service, error) {
	faults := fault.NewList(5)
	u, err := url.Parse(o.URL)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.Fragment != "":
		faults.Addf(fault.Invalid, fault.Place{Field: "url"}, "write https://service.example.org/referrals", "it is no address of a service")
	case u.Scheme != "https" && !(u.Scheme == "http" && loopback(u.Hostname())):
		faults.Addf(fault.Invalid, fault.Place{Field: "url"}, "use https", "packages would go over an open line")
	}
	if o.TokenFile == "" {
		faults.Addf(fault.Invalid, fault.Place{Field: "token_file"}, "name a file that holds the token", "there is no token")
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	conf := &tls.Config{MinVersion: tls.VersionTLS12}
	if o.TLS != nil {
		conf = o.TLS.Clone()
		conf.MinVersion = max(conf.MinVersion, tls.VersionTLS12)
	}
	s := &Service{url: o.URL, token: o.TokenFile, client: &http.Client{
		Timeout:       patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: conf, TLSHandshakeTimeout: 15 * time.Second,
			DialContext: (&net.Dialer{Timeout: 15 * time.Second}).DialContext, ResponseHeaderTimeout: patience,
			MaxResponseHeaderBytes: mostAnswer, IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true},
	}}
	_, err = s.bearer()
	return s, err
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}

// bearer reads the token. Its fault names the file and nothing that is in it.
func (s *Service) bearer() (string, error) {
	f, err := os.Open(s.token)
	if err != nil {
		return "", fault.Wrap(fault.NotFound, fault.Place{File: s.token}, "the token of the service cannot be read", "make the file, readable by the server's user", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, mostToken+1))
	token := strings.TrimSpace(string(b))
	if err != nil || token == "" || len(b) > mostToken || strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", fault.New(fault.Invalid, fault.Place{File: s.token}, "this is no token", "put the token alone into the file, on one line")
	}
	return token, nil
}

func failed(code handover.Code) error { return &handover.Failure{Code: code} }

// Send implements handover.Sender.
func (s *Service) Send(ctx context.Context, key string, body []byte) (string, error) {
	if len(body) > mostBody {
		return "", failed(handover.TooLarge)
	}
	token, err := s.bearer()
	if err != nil {
		return "", failed(handover.Forbidden)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, bytes.NewReader(body))
	if err != nil {
		return "", failed(handover.Unreachable)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Idempotency-Key", key)
	r.Header.Set("User-Agent", "waymark")
	answer, err := s.client.Do(r)
	if err != nil {
		return "", failed(handover.Unreachable)
	}
	defer answer.Body.Close()
	if code := codeOf(answer.StatusCode); code != "" {
		return "", failed(code)
	}
	var said struct {
		Receipt string `json:"receipt"`
	}
	b, err := io.ReadAll(io.LimitReader(answer.Body, mostAnswer+1))
	if err != nil {
		return "", failed(handover.Unreachable) // it may have it: the key tells
	}
	if err := json.Unmarshal(b, &said); err != nil || len(b) > mostAnswer || said.Receipt == "" {
		return "", failed(handover.Unlike)
	}
	return said.Receipt, nil
}

// codeOf is what a status comes to; "" is taken.
func codeOf(status int) handover.Code {
	switch status {
	case http.StatusOK, http.StatusCreated:
		return ""
	case http.StatusBadRequest, http.StatusUnsupportedMediaType:
		return handover.Malformed
	case http.StatusRequestEntityTooLarge:
		return handover.TooLarge
	case http.StatusConflict:
		return handover.KeyTaken
	case http.StatusUnprocessableEntity:
		return handover.Unwanted
	case http.StatusUnauthorized, http.StatusForbidden:
		return handover.Forbidden
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return handover.Busy
	}
	if status >= 500 {
		return handover.Trouble
	}
	return handover.Unlike
}

var _ handover.Sender = (*Service)(nil)
