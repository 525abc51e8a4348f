package review

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/web/page"
)

// maxNews is how many new submissions are counted; more are "more than".
const maxNews = 999

// streamLife is how long a stream lasts. The browser then asks again, so that who
// may see it is decided anew.
const streamLife = 5 * time.Minute

// beat is how often something is sent where there are no news, so that a stream
// whose browser has gone is noticed.
const beat = 20 * time.Second

// hubs has one hub for each round that somebody watches.
type hubs struct {
	house *page.House
	opt   Options
	mu    sync.Mutex
	by    map[ids.ID]*hub
	// open counts the streams of each person.
	open map[ids.ID]int
}

// hub looks at one round for all who watch it: one query at a time, no more than
// one every Options.Every.
type hub struct {
	round    ids.ID
	cancel   context.CancelFunc
	watchers map[*watcher]bool
	// floor is the submission after which fresh holds all that came, oldest first,
	// at most maxNews+1; newest is the last of the round.
	floor, newest ids.ID
	fresh         []ids.ID
}

// watcher is one page that waits.
type watcher struct {
	after ids.ID
	news  chan int // how many came after; the last count only
}

func newHubs(h *page.House, opt Options) *hubs {
	return &hubs{house: h, opt: opt, by: map[ids.ID]*hub{}, open: map[ids.ID]int{}}
}

// watch joins a round's hub and starts it for the first.
func (hs *hubs) watch(person, round, after ids.ID) (*watcher, func(), error) {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	if hs.open[person] >= hs.opt.Streams {
		return nil, nil, fault.New(fault.Unavailable, fault.Place{}, "too many pages wait for news", "close one of them, or reload this one by hand")
	}
	hs.open[person]++
	h := hs.by[round]
	if h == nil {
		ctx, cancel := context.WithCancel(context.Background())
		h = &hub{round: round, cancel: cancel, watchers: map[*watcher]bool{}, floor: after, newest: after}
		hs.by[round] = h
		go hs.run(ctx, h)
	}
	w := &watcher{after: after, news: make(chan int, 1)}
	h.watchers[w] = true
	if after < h.floor { // the page is older than what is known: begin again from it
		h.floor, h.newest, h.fresh = after, after, nil
	}
	if n := h.count(after); n > 0 {
		w.tell(n)
	}
	leave := func() {
		hs.mu.Lock()
		defer hs.mu.Unlock()
		if hs.open[person]--; hs.open[person] <= 0 {
			delete(hs.open, person)
		}
		delete(h.watchers, w)
		if len(h.watchers) == 0 && hs.by[round] == h {
			delete(hs.by, round)
			h.cancel()
		}
	}
	return w, leave, nil
}

// run looks at the round until nobody watches.
func (hs *hubs) run(ctx context.Context, h *hub) {
	tick := time.NewTicker(hs.opt.Every)
	defer tick.Stop()
	for {
		hs.look(ctx, h)
		select {
		case <-ctx.Done():
			return
		case <-hs.opt.Stop:
			return
		case <-tick.C:
		}
	}
}

// look asks one question: what is the newest, or, once that has changed, which came.
func (hs *hubs) look(ctx context.Context, h *hub) {
	hs.mu.Lock()
	floor, newest, known := h.floor, h.newest, len(h.fresh)
	last := floor
	if known > 0 {
		last = h.fresh[known-1]
	}
	behind := newest > last && known <= maxNews
	hs.mu.Unlock()
	if !behind {
		id, err := hs.house.Collection.Newest(ctx, h.round)
		if err == nil {
			hs.mu.Lock()
			h.newest = max(h.newest, id)
			hs.mu.Unlock()
		}
		return
	}
	got, err := hs.house.Collection.ListSubmissions(ctx, collection.Filter{Round: h.round, After: last, OldestFirst: true, Limit: 500})
	if err != nil {
		return // asked again at the next tick
	}
	hs.mu.Lock()
	defer hs.mu.Unlock()
	if h.floor != floor || len(h.fresh) != known {
		return // someone with an older page came meanwhile
	}
	for _, s := range got.Rows {
		h.fresh = append(h.fresh, s.ID)
	}
	if len(got.Rows) == 0 {
		h.newest = last // the newest was removed
	}
	for w := range h.watchers {
		if n := h.count(w.after); n > 0 {
			w.tell(n)
		}
	}
}

// count is how many came after a submission.
func (h *hub) count(after ids.ID) int {
	at, found := slices.BinarySearch(h.fresh, after)
	if found {
		at++
	}
	return len(h.fresh) - at
}

// tell leaves the newest count for the watcher, in place of one not yet sent.
func (w *watcher) tell(n int) {
	select {
	case <-w.news:
	default:
	}
	w.news <- n
}

// news is the stream of how many submissions came after the page was made. It
// carries numbers only.
func (a *area) news(r *page.Request) error {
	var after ids.ID
	if text := r.URL.Query().Get("after"); text != "" {
		id, err := ids.Parse(text)
		if err != nil {
			return page.NotFound()
		}
		after = id
	}
	w, leave, err := a.live.watch(r.Account.ID, r.Round.ID, after)
	if err != nil {
		return err
	}
	defer leave()
	out := http.NewResponseController(r.W)
	h := r.W.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no")
	r.W.WriteHeader(http.StatusOK)
	send := func(text string) bool {
		// A stream outlasts the server's time for an answer; servers without one
		// cannot set it, and need not.
		_ = out.SetWriteDeadline(time.Now().Add(beat))
		if _, err := fmt.Fprint(r.W, text); err != nil {
			return false
		}
		return out.Flush() == nil
	}
	if !send("retry: 15000\n\n") {
		return nil
	}
	end, alive := time.NewTimer(streamLife), time.NewTicker(beat)
	defer end.Stop()
	defer alive.Stop()
	last := 0
	for {
		select {
		case <-r.Context().Done():
			return nil
		case <-a.opt.Stop:
			return nil
		case <-end.C:
			return nil
		case <-alive.C:
			if !send(": still here\n\n") {
				return nil
			}
		case n := <-w.news:
			if n == last {
				continue
			}
			last = n
			if !send("data: " + a.newsText(r, n) + "\n\n") {
				return nil
			}
		}
	}
}

// newsText is the line that the page shows.
func (a *area) newsText(r *page.Request, n int) string {
	if n > maxNews {
		return r.Text("review.news.many", "n", strconv.Itoa(maxNews))
	}
	return r.Text("review.news.some", "n", n)
}
