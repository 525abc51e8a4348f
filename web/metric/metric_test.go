package metric

import (
	"context"
	"errors"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
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

func TestAnswersAreCountedByPattern(t *testing.T) {
	m := New("test", Gauge{"waymark_unchecked", "Waiting.", func(context.Context) (float64, error) { return 7, nil }},
		Gauge{"waymark_broken", "Broken.", func(context.Context) (float64, error) { return 0, errors.New("no database") }})
	m.Observe("POST /key/{token}/submission", 201, time.Millisecond)
	m.Observe("none", 404, time.Millisecond)
	text := scrape(t, m)
	for _, want := range []string{
		`waymark_http_requests_total{route="POST /key/{token}/submission",status="201"} 1`,
		`waymark_http_requests_total{route="none",status="404"} 1`,
		"waymark_unchecked 7", `waymark_build_info{version="test"} 1`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
	if strings.Contains(text, "waymark_broken ") {
		t.Error("a number that could not be read is shown")
	}
}
