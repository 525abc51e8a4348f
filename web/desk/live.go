package desk

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/referral"
	"waymark/web/page"
)

const (
	// streamLife is how long a stream lasts. The browser then asks again, so that who
	// may see it is decided anew.
	streamLife = 5 * time.Minute
	// beat is how often something is sent where there are no news, so that a stream
	// whose browser has gone is noticed.
	beat = 20 * time.Second
	// mostNews bounds what a look counts; more are "more than".
	mostNews = 199
)

// news are what came since a page was made: concerns, and replies to questions.
type news struct{ concerns, replies int }

// hubs has one hub for each desk that somebody watches.
type hubs struct {
	area *area
	mu   sync.Mutex
	by   map[ids.ID]*hub
	open map[ids.ID]int // streams of each person
}

// hub looks at one desk for all who watch it, no more than once every Options.Every.
type hub struct {
	network, agency ids.ID
	cancel          context.CancelFunc
	watchers        map[*watcher]bool
	// opened are when the concerns that nobody took on came in, the newest first.
	opened []time.Time
	states map[ids.ID]referral.State
}

// watcher is one page that waits.
type watcher struct {
	since   time.Time
	replies int
	news    chan news // the last only
}

func newHubs(a *area) *hubs { return &hubs{area: a, by: map[ids.ID]*hub{}, open: map[ids.ID]int{}} }

// watch joins a desk's hub and starts it for the first.
func (hs *hubs) watch(person, network, agency ids.ID, since time.Time) (*watcher, func(), error) {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	if hs.open[person] >= hs.area.Streams {
		return nil, nil, fault.New(fault.Unavailable, fault.Place{}, "too many pages wait for news", "close one of them, or reload this one by hand")
	}
	hs.open[person]++
	h := hs.by[agency]
	if h == nil {
		ctx, cancel := context.WithCancel(context.Background())
		h = &hub{network: network, agency: agency, cancel: cancel, watchers: map[*watcher]bool{}}
		hs.by[agency] = h
		go hs.run(ctx, h)
	}
	w := &watcher{since: since, news: make(chan news, 1)}
	h.watchers[w] = true
	h.tell(w)
	leave := func() {
		hs.mu.Lock()
		defer hs.mu.Unlock()
		if hs.open[person]--; hs.open[person] <= 0 {
			delete(hs.open, person)
		}
		delete(h.watchers, w)
		if len(h.watchers) == 0 && hs.by[agency] == h {
			delete(hs.by, agency)
			h.cancel()
		}
	}
	return w, leave, nil
}

// run looks at the desk until nobody watches.
func (hs *hubs) run(ctx context.Context, h *hub) {
	tick := time.NewTicker(hs.area.Every)
	defer tick.Stop()
	for {
		hs.look(ctx, h)
		select {
		case <-ctx.Done():
			return
		case <-hs.area.Stop:
			return
		case <-tick.C:
		}
	}
}

// look asks what waits at the desk. Nothing is decrypted.
func (hs *hubs) look(ctx context.Context, h *hub) {
	found, err := hs.area.store.ListMatters(ctx, referral.Filter{Network: h.network, Kind: referral.Concern, Agency: h.agency,
		States: []referral.State{referral.Received, referral.Seen, referral.Asked}, Limit: mostNews + 1})
	if err != nil {
		return // asked again at the next tick
	}
	hs.mu.Lock()
	defer hs.mu.Unlock()
	h.opened = h.opened[:0]
	states, replies := map[ids.ID]referral.State{}, 0
	for _, m := range found.Matters {
		states[m.ID] = m.State
		if m.State == referral.Received {
			h.opened = append(h.opened, m.Opened)
		}
		if m.State == referral.Seen && h.states[m.ID] == referral.Asked {
			replies++
		}
	}
	h.states = states
	for w := range h.watchers {
		w.replies += replies
		h.tell(w)
	}
}

// tell leaves what is new for the watcher, in place of what was not yet sent.
func (h *hub) tell(w *watcher) {
	n := news{replies: w.replies}
	for _, at := range h.opened {
		if at.After(w.since) {
			n.concerns++
		}
	}
	if n == (news{}) {
		return
	}
	select {
	case <-w.news:
	default:
	}
	w.news <- n
}

// news is the stream of what came after the page was made. It carries numbers only.
func (a *area) news(r *page.Request) error {
	since, err := timeOf(r.URL.Query().Get("since"))
	if err != nil {
		return err
	}
	x, err := a.home(r.Context(), r)
	if err != nil {
		return err
	}
	if x == nil || !x.Desk {
		return page.NotFound()
	}
	w, leave, err := a.live.watch(r.Account.ID, x.Network, x.ID, since)
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
	if !send("retry: 5000\n\n") {
		return nil
	}
	end, alive := time.NewTimer(streamLife), time.NewTicker(beat)
	defer end.Stop()
	defer alive.Stop()
	last := news{}
	for {
		select {
		case <-r.Context().Done():
			return nil
		case <-a.Stop:
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
			if !send("data: " + newsText(r, n) + "\n\n") {
				return nil
			}
		}
	}
}

// newsText is the line that the page shows.
func newsText(r *page.Request, n news) string {
	var texts []string
	if n.concerns > 0 {
		texts = append(texts, r.Text("desk.news.concerns", "n", n.concerns))
	}
	if n.replies > 0 {
		texts = append(texts, r.Text("desk.news.replies", "n", n.replies))
	}
	return r.Text("desk.news", "what", r.Words().List(texts))
}
