package review

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/trust/access"
	"waymark/web/page"
	"waymark/web/page/pagetest"
)

// TestHubAsksOnceASecond: however many pages watch, the round is looked at no more
// than once a second; each page hears how many came after it was made.
func TestHubAsksOnceASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(3)
		hs := newHubs(pagetest.House(page.House{Collection: f, Accounts: people{}}), Options{Every: time.Second, Streams: 4})
		newest := f.subs[2].ID
		var all []*watcher
		var leaves []func()
		for i := range 8 {
			w, leave, err := hs.watch(ids.ID(i%2+1), f.round.ID, newest)
			if err != nil {
				t.Fatal(err)
			}
			all, leaves = append(all, w), append(leaves, leave)
		}
		if _, _, err := hs.watch(1, f.round.ID, newest); fault.KindOf(err) != fault.Unavailable {
			t.Errorf("a fifth page of one person: %v", err)
		}
		<-time.After(60 * time.Second) // of the test's own clock
		synctest.Wait()
		if f.queries > 62 {
			t.Errorf("%d queries in a minute", f.queries)
		}
		for i := range 3 {
			f.add(10+i, "")
		}
		<-time.After(3 * time.Second) // of the test's own clock
		synctest.Wait()
		for _, w := range all {
			select {
			case n := <-w.news:
				if n != 3 {
					t.Errorf("told of %d", n)
				}
			default:
				t.Error("a page was not told")
			}
		}
		// A page that is older than all that the hub knows begins it again.
		old, leave, err := hs.watch(9, f.round.ID, f.subs[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		<-time.After(3 * time.Second) // of the test's own clock
		synctest.Wait()
		select {
		case n := <-old.news:
			if n != 5 {
				t.Errorf("the older page was told of %d", n)
			}
		default:
			t.Error("the older page was not told")
		}
		leave()
		for _, leave := range leaves {
			leave()
		}
		synctest.Wait()
		before := f.queries
		<-time.After(time.Minute) // of the test's own clock
		synctest.Wait()
		if f.queries != before || len(hs.by) != 0 || len(hs.open) != 0 {
			t.Errorf("%d queries, %d hubs and %d people after all have left", f.queries-before, len(hs.by), len(hs.open))
		}
	})
}

// TestNewsStream is a browser's stream: numbers in words, no names, and an end at
// shutdown.
func TestNewsStream(t *testing.T) {
	f := newFake(2)
	stop := make(chan struct{})
	h := pagetest.House(page.House{Collection: f, Accounts: people{}})
	handler, _, err := page.New(h, pagetest.Somebody(f.programme.ID, access.DataOfficer), Area(h, Options{Stop: stop}))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(page.Outer(h, handler))
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	ask, err := http.NewRequestWithContext(ctx, "GET", server.URL+rounds(f, "/submissions/news")+"?after="+f.subs[0].ID.String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(ask)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != 200 || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") {
		t.Fatalf("%d %v", res.StatusCode, res.Header)
	}
	lines := bufio.NewScanner(res.Body)
	var once sync.Once
	heard := false
	for lines.Scan() {
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			heard = true
			if data != "1 new submission in this round: show it" {
				t.Errorf("%q", data)
			}
			once.Do(func() { close(stop) })
		}
	}
	if !heard {
		t.Errorf("nothing was heard: %v", lines.Err())
	}
	c := site(t, f, pagetest.AllowAll{}, Options{})
	c.Get(rounds(f, "/submissions/news")+"?after=nonsense").Want(t, 404)
}
