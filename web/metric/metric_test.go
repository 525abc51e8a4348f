package metric

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func scrape(t *testing.T, m *Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	text, err := io.ReadAll(w.Body)
	if err != nil || w.Code != 200 {
		t.Fatalf("scraping: %d, %v", w.Code, err)
	}
	return string(text)
}

func TestLabelsHoldPatternsAndNeverPaths(t *testing.T) {
	m := New("test", Gauge{"waymark_unchecked", "Waiting.", func(context.Context) (float64, error) { return 7, nil }},
		Gauge{"waymark_broken", "Broken.", func(context.Context) (float64, error) { return 0, errors.New("no database") }})
	mux := http.NewServeMux()
	mux.HandleFunc("POST /key/{token}/submission", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(201) })
	h := m.Count(mux)
	for _, r := range []*http.Request{
		httptest.NewRequest("POST", "/key/CANARY/submission?deviceID=CANARY", nil),
		httptest.NewRequest("CANARY", "/CANARY", nil),
	} {
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
	text := scrape(t, m)
	for _, want := range []string{
		`waymark_http_requests_total{method="POST",route="POST /key/{token}/submission",status="201"} 1`,
		`waymark_http_requests_total{method="other",route="other",status="404"} 1`,
		"waymark_unchecked 7", `waymark_build_info{version="test"} 1`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
	if strings.Contains(text, "CANARY") {
		t.Error("a path or a method of a client stands in the metrics")
	}
	if strings.Contains(text, "waymark_broken ") {
		t.Error("a number that could not be read is shown")
	}
}
