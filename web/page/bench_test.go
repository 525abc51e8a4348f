package page_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"waymark/trust/access"
	"waymark/web/page"
	"waymark/web/page/pagetest"
)

// A page of every partial, for one reader; the goal for a whole review page is
// under 100 ms at the 99th percentile.
func BenchmarkRender(b *testing.B) {
	h := house(page.House{})
	handler, _, err := page.New(h, pagetest.Somebody(7, access.DataOfficer), sample())
	if err != nil {
		b.Fatal(err)
	}
	r := httptest.NewRequest("GET", "/sample", nil)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Accept-Encoding", "br")
	b.ReportAllocs()
	for b.Loop() {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	}
}

// Assembling a site is a part of the time to the first answer, which is to be under
// 0.3 s.
func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := page.New(house(page.House{}), &pagetest.Person{}, sample()); err != nil {
			b.Fatal(err)
		}
	}
}
