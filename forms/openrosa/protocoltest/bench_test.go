package protocoltest

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"waymark/forms/openrosa/phonetest"
	"waymark/store/storetest"
)

// BenchmarkDurable is one interview of 3 kB by 16 phones at once, stored durably on
// SQLite, without a network. ODK Central (Node 24, PostgreSQL 15, two cores) takes
// 161 to 195 a second with 16 connections; the goal is ten times that.
func BenchmarkDurable(b *testing.B) {
	place := storetest.SQLite.NewPlace(b)
	w := newWorld(b, place, place.Open(b))
	answers := bytes.Repeat([]byte("<q>synthetic answer</q>"), 130)
	var n atomic.Int64
	b.SetParallelism(8)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			document := interview(fmt.Sprintf("uuid:%012d", n.Add(1)), "")
			document = bytes.Replace(document, []byte("<orx:meta>"), append(bytes.Clone(answers), "<orx:meta>"...), 1)
			body, boundary := phonetest.Body(document, nil, false)
			r := httptest.NewRequest(http.MethodPost, "/key/"+w.token+"/submission", bytes.NewReader(body))
			r.Header.Set("Content-Type", "multipart/form-data; boundary="+boundary)
			rec := httptest.NewRecorder()
			w.handler.ServeHTTP(rec, r)
			if rec.Code != http.StatusCreated {
				b.Errorf("answered %d %s", rec.Code, rec.Body)
				return
			}
		}
	})
}
