package protocoltest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"waymark/forms/openrosa"
	"waymark/forms/openrosa/phonetest"
	"waymark/monitoring/collection"
	"waymark/store"
	"waymark/store/storetest"
)

var photo = append([]byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00"), bytes.Repeat([]byte("synthetic"), 100)...)

// The line is cut at every boundary, header and part, and the bytes around them.
// Nothing can be seen until all has come; sent again, it is there once.
func TestLineIsCut(t *testing.T) {
	onBoth(t, func(w *world) {
		files := map[string][]byte{"a.jpg": photo, "b.m4a": []byte("\r\n--no boundary\r\n\r\n")}
		sample, boundary := phonetest.Body(interview("uuid:0000", "", "a.jpg", "b.m4a"), files, true)
		for i, cut := range phonetest.Edges(sample, boundary) {
			instance := fmt.Sprintf("uuid:%04d", i)
			document := interview(instance, "", "a.jpg", "b.m4a")
			body, boundary := phonetest.Body(document, files, true)
			w.cutAfter(body, boundary, cut)
			if seen := len(w.find(instance)); (seen == 1) != (cut == len(body)) || seen > 1 {
				w.Fatalf("cut after %d of %d bytes: there %d times", cut, len(body), seen)
			}
			w.sends(w.phone, http.StatusCreated, document, files)
			w.holds(instance, document, files)
		}
	})
}

// Posts of one interview come in any order, several times, and at once.
func TestPostsInAnyOrder(t *testing.T) {
	onBoth(t, func(w *world) {
		rng := rand.New(rand.NewPCG(1, 2016))
		for round := range 25 {
			instance := fmt.Sprintf("uuid:%04d", round)
			files := map[string][]byte{}
			var names []string
			var posts []map[string][]byte
			for i := range 1 + rng.IntN(6) {
				name := fmt.Sprintf("f%d.jpg", i)
				names = append(names, name)
				files[name] = []byte(instance + name)
				if len(posts) == 0 || rng.IntN(2) == 0 {
					posts = append(posts, map[string][]byte{})
				}
				posts[len(posts)-1][name] = files[name]
			}
			document := interview(instance, "", names...)
			for range rng.IntN(4) {
				posts = append(posts, posts[rng.IntN(len(posts))])
			}
			rng.Shuffle(len(posts), func(i, j int) { posts[i], posts[j] = posts[j], posts[i] })
			var wg sync.WaitGroup
			for _, some := range posts {
				wg.Go(func() {
					body, boundary := phonetest.Body(document, some, true)
					r, err := w.phone.Request(http.MethodPost, w.phone.Server+"/submission", "multipart/form-data; boundary="+boundary, bytes.NewReader(body))
					if err != nil || !r.Success() {
						w.Errorf("%v %+v", err, r)
					}
				})
				if rng.IntN(2) == 0 {
					wg.Wait()
				}
			}
			wg.Wait()
			w.holds(instance, document, files)
		}
	})
}

// The same interview from ten phones at once is there once, with the files of all.
func TestTenPhonesAtOnce(t *testing.T) {
	onBoth(t, func(w *world) {
		files := map[string][]byte{"f0.jpg": []byte("0"), "f1.jpg": []byte("1"), "f2.jpg": []byte("2")}
		for round := range 10 {
			instance := fmt.Sprintf("uuid:%04d", round)
			document := interview(instance, "", "f0.jpg", "f1.jpg", "f2.jpg")
			var wg sync.WaitGroup
			for i := range 10 {
				wg.Go(func() {
					name := fmt.Sprintf("f%d.jpg", i%3)
					r, err := phonetest.New(w.phone.Server).Send(document, map[string][]byte{name: files[name]})
					if err != nil || !r.Success() {
						w.Errorf("%v %+v", err, r)
					}
				})
			}
			wg.Wait()
			w.holds(instance, document, files)
		}
	})
}

// What was acknowledged is there once when the store is opened again.
func TestAcknowledgedIsKept(t *testing.T) {
	for _, e := range storetest.Engines {
		t.Run(e.Name, func(t *testing.T) {
			place := e.NewPlace(t)
			db, err := store.Open(context.Background(), place.Options)
			if err != nil {
				t.Fatal(err)
			}
			w := newWorld(t, place, db)
			var wg sync.WaitGroup
			for i := range 8 {
				wg.Go(func() {
					p := phonetest.New(w.phone.Server)
					for j := range 10 {
						r, err := p.Send(interview(fmt.Sprintf("uuid:%d-%d", i, j), "", "a.jpg"), map[string][]byte{"a.jpg": photo})
						if err != nil || r.Status != http.StatusCreated {
							t.Errorf("%v %+v", err, r)
						}
					}
				})
			}
			wg.Wait()
			w.must(db.Close())
			w.serve(place.Open(t))
			for i := range 8 {
				for j := range 10 {
					instance := fmt.Sprintf("uuid:%d-%d", i, j)
					w.holds(instance, interview(instance, "", "a.jpg"), map[string][]byte{"a.jpg": photo})
				}
			}
		})
	}
}

// The answers of a phone's life: corrections, conflicts, closing, revoking.
func TestPhoneOverStore(t *testing.T) {
	onBoth(t, func(w *world) {
		ctx := context.Background()
		forms, _, err := w.phone.FormList("?formID=interview")
		w.must(err)
		if len(forms) != 1 || forms[0].Version != "1" {
			w.Fatalf("%+v", forms)
		}
		r, err := w.phone.Request(http.MethodGet, forms[0].DownloadURL, "", nil)
		w.must(err)
		if !bytes.Equal(r.Body, phonetest.Form("interview", "Synthetic", "1")) {
			w.Error("the form is another")
		}
		replaces := func(id string) string { return "<orx:deprecatedID>" + id + "</orx:deprecatedID>" }
		w.sends(w.phone, http.StatusAccepted, interview("uuid:1", "", "a.jpg"), nil)
		w.sends(w.phone, http.StatusCreated, interview("uuid:1", "", "a.jpg"), map[string][]byte{"a.jpg": photo})
		w.sends(w.phone, http.StatusConflict, interview("uuid:1", ""), nil)
		w.sends(w.phone, http.StatusNotFound, interview("uuid:3", replaces("uuid:2")), nil)
		w.sends(w.phone, http.StatusCreated, interview("uuid:2", replaces("uuid:1")), nil)
		w.sends(w.phone, http.StatusCreated, interview("uuid:2", replaces("uuid:1")), nil)
		w.sends(w.phone, http.StatusConflict, interview("uuid:4", replaces("uuid:1")), nil)
		if rows := w.find("uuid:"); len(rows) != 1 || rows[0].Revision != 2 || rows[0].InstanceID != "uuid:2" {
			w.Fatalf("%+v", rows)
		}

		// Another phone that knows the identifier corrects nothing, loses nothing, and
		// is told that it is done, however often it sends.
		token, hash := openrosa.NewToken()
		w.must(w.DB.PutEnumerator(ctx, storetest.Officer, &collection.FieldEnumerator{Round: w.Round.ID, Code: "E09", Name: "Synthetic person"}, hash))
		other := phonetest.New(w.server.URL + openrosa.KeyPath + token)
		w.sends(other, http.StatusCreated, interview("uuid:other", replaces("uuid:2")), nil)
		w.sends(other, http.StatusCreated, interview("uuid:other", replaces("uuid:2")), nil)
		if rows := w.find("uuid:2"); len(rows) != 1 || rows[0].Revision != 2 || rows[0].Enumerator != w.who.ID {
			w.Fatalf("%+v", rows)
		}
		if rows := w.find("uuid:other"); len(rows) != 1 || rows[0].Revision != 1 || rows[0].Enumerator == w.who.ID {
			w.Fatalf("%+v", rows)
		}

		// A draft is tested apart.
		w.draft("2")
		token, hash = openrosa.NewToken()
		w.must(w.DB.DraftToken(ctx, storetest.Officer, w.form.ID, hash))
		tester := phonetest.New(w.server.URL + openrosa.TestPath + token)
		second := bytes.Replace(interview("uuid:9", ""), []byte(`version="1"`), []byte(`version="2"`), 1)
		w.sends(tester, http.StatusCreated, second, nil)
		w.sends(w.phone, http.StatusNotFound, second, nil)
		if len(w.find("uuid:9")) != 0 || len(w.All(w, collection.Filter{Drafts: true})) != 1 {
			w.Error("the test is not apart")
		}
		w.must(w.DB.DraftToken(ctx, storetest.Officer, w.form.ID, nil))
		w.sends(tester, http.StatusForbidden, second, nil)

		// A closing form takes what is on phones; a closed one nothing, nor a closed round.
		for _, tt := range []struct {
			state  collection.FormState
			listed int
			status int
		}{{collection.FormClosing, 0, http.StatusCreated}, {collection.FormClosed, 0, http.StatusConflict}, {collection.FormOpen, 1, http.StatusCreated}} {
			f, err := w.DB.Form(ctx, w.form.ID)
			w.must(err)
			f.State = tt.state
			w.must(w.DB.PutForm(ctx, storetest.Officer, f))
			forms, _, err := w.phone.FormList("?formID=interview")
			w.must(err)
			if len(forms) != tt.listed {
				w.Errorf("%s: %+v", tt.state, forms)
			}
			w.sends(w.phone, tt.status, interview("uuid:5"+string(tt.state), ""), nil)
		}
		round, err := w.DB.Round(ctx, w.Round.ID)
		w.must(err)
		round.State = collection.Closed
		w.must(w.DB.PutRound(ctx, storetest.Officer, round))
		w.sends(w.phone, http.StatusConflict, interview("uuid:6", ""), nil)
		round.State = collection.Open
		w.must(w.DB.PutRound(ctx, storetest.Officer, round))

		// Revoking takes effect at the next request.
		w.sends(w.phone, http.StatusCreated, interview("uuid:7", ""), nil)
		w.must(w.DB.RevokeEnumerator(ctx, storetest.Officer, w.who.ID, time.Now()))
		w.sends(w.phone, http.StatusForbidden, interview("uuid:8", ""), nil)
		if _, r, err := w.phone.FormList(""); err != nil || r.Status != http.StatusForbidden {
			w.Errorf("%+v %v", r, err)
		}
	})
}

// Files of a form come through the store as they were put there.
func TestFormFilesOverStore(t *testing.T) {
	onBoth(t, func(w *world) {
		ctx := context.Background()
		list := []byte("name,label\n" + strings.Repeat("p,Synthetic place\n", 3_000))
		v := w.draft("2")
		f := collection.FormFile{Name: "places.csv", Type: "text/csv"}
		var err error
		f.Address, f.Size, f.Hash, err = w.DB.PutFile(ctx, w.Round.ID, bytes.NewReader(list), 1<<20)
		w.must(err)
		w.must(w.DB.PutFormFile(ctx, storetest.Officer, v.ID, f))
		_, err = w.DB.Publish(ctx, storetest.Officer, w.form.ID, v.ID, storetest.Noon)
		w.must(err)
		forms, _, err := w.phone.FormList("?formID=interview")
		w.must(err)
		files, err := w.phone.Manifest(forms[0].ManifestURL)
		w.must(err)
		if len(files) != 1 || files[0].Hash != "md5:"+f.Hash {
			w.Fatalf("%+v", files)
		}
		r, err := w.phone.Request(http.MethodGet, files[0].DownloadURL, "", nil)
		w.must(err)
		if !bytes.Equal(r.Body, list) {
			w.Error("the list is another")
		}
		raw, err := w.DB.OpenFile(ctx, w.Round.ID, f.Address)
		w.must(err)
		defer raw.Close()
		if b, err := io.ReadAll(raw); err != nil || !bytes.Equal(b, list) {
			w.Error("the stored list is another")
		}
	})
}
