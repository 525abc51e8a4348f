package openrosa_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"waymark/forms/openrosa"
	"waymark/forms/openrosa/phonetest"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/audit"
)

// quick is a store that costs nothing, so that the protocol's own work is seen.
type quick struct {
	*house
	round *collection.Round
	form  *collection.Form
	who   *collection.FieldEnumerator
}

func (q *quick) Round(context.Context, ids.ID) (*collection.Round, error) { return q.round, nil }
func (q *quick) FormByFormID(context.Context, ids.ID, string) (*collection.Form, error) {
	return q.form, nil
}
func (q *quick) EnumeratorByToken(context.Context, []byte) (*collection.FieldEnumerator, error) {
	return q.who, nil
}
func (q *quick) Arrive(context.Context, audit.Actor, *collection.Arrival) (*collection.Arrived, error) {
	return &collection.Arrived{Submission: 1, New: true, Complete: true}, nil
}
func (q *quick) PutFile(_ context.Context, _ ids.ID, r io.Reader, _ int64) (string, int64, string, error) {
	n, err := io.Copy(io.Discard, r)
	return "address", n, "", err
}

// sink is a connection that takes an answer and forgets it.
type sink struct {
	h      http.Header
	status int
}

func (s *sink) Header() http.Header         { return s.h }
func (s *sink) Write(b []byte) (int, error) { return len(b), nil }
func (s *sink) WriteHeader(status int)      { s.status = status }

// BenchmarkPost is one interview of 3 kB, and one with a picture of 500 kB, without
// network and store. The goal of the whole is 1,500 durable ones a second over 16
// connections on two cores; ODK Central (Node 24, PostgreSQL 15) takes 161 to 195.
func BenchmarkPost(b *testing.B) {
	h := newHouse()
	token, _ := openrosa.NewToken()
	q := &quick{house: h, round: &collection.Round{ID: 1, State: collection.Open}, who: &collection.FieldEnumerator{ID: 2, Round: 1}}
	q.form = &collection.Form{ID: 3, Round: 1, FormID: "fms", State: collection.FormOpen, Current: 4}
	h.versions[4] = &collection.Version{ID: 4, Form: 3, Version: "1", XForm: phonetest.Form("fms", "Synthetic", "1"), Published: published}
	handler := openrosa.New(openrosa.Options{
		Store: q, Base: "http://127.0.0.1", Log: slog.New(slog.DiscardHandler),
		May: func(context.Context, ids.ID, ids.ID, string) bool { return true },
	})
	answers := bytes.Repeat([]byte("<q>synthetic answer</q>"), 130)
	document := bytes.Replace(interview("uuid:1", "", "a.jpg"), []byte("<point>"), append(answers, "<point>"...), 1)
	for name, files := range map[string]map[string][]byte{"answers": nil, "picture": {"a.jpg": append(bytes.Clone(jpeg), make([]byte, 500_000)...)}} {
		body, boundary := phonetest.Body(document, files, false)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			reader := bytes.NewReader(body)
			for b.Loop() {
				reader.Reset(body)
				r := httptest.NewRequest(http.MethodPost, "/key/"+token+"/submission?deviceID=synthetic", reader)
				r.Header.Set("Content-Type", "multipart/form-data; boundary="+boundary)
				w := &sink{h: http.Header{}}
				handler.ServeHTTP(w, r)
				if w.status != http.StatusCreated {
					b.Fatal(w.status)
				}
			}
		})
	}
}
