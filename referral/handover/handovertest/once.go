package handovertest

import (
	"context"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"waymark/internal/ids"
	"waymark/referral"
	"waymark/referral/handover"
	"waymark/referral/rule"
	"waymark/trust/audit"
)

// Place is a store with a network in which an agency may refer.
type Place struct {
	referral.Store
	Network ids.ID
	Agency  *referral.Agency
	// Owner answers for the cases.
	Owner ids.ID
}

// house is a place in a test, with its clock.
type house struct {
	Place
	t       *testing.T
	uk      *rule.Pathway
	network *referral.Network
	now     atomic.Int64
	name    string
	keys    int
}

func newHouse(t *testing.T, place Place, name string) *house {
	t.Helper()
	all, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	h := &house{Place: place, t: t, uk: all["uk"], name: strings.ReplaceAll(name, " ", "-")}
	h.pass(time.Since(time.Unix(0, 0)))
	if h.network, err = h.Store.Network(t.Context(), h.Place.Network); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *house) time() time.Time      { return time.Unix(0, h.now.Load()).UTC().Truncate(time.Millisecond) }
func (h *house) pass(d time.Duration) { h.now.Add(int64(d)) }

func (h *house) who() referral.Who {
	return referral.Who{By: audit.Actor{Kind: audit.Account, ID: h.Owner, Via: "web"}, Agency: h.Agency.ID, At: h.time()}
}

func (h *house) do(c *referral.Change, err error) ids.ID {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
	id, err := h.Do(context.Background(), c)
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}

func (h *house) file(id ids.ID) *referral.File {
	h.t.Helper()
	f, err := h.Open(context.Background(), audit.Actor{Kind: audit.System, Via: "job"}, id, "case.read")
	if err != nil {
		h.t.Fatal(err)
	}
	return f
}

// queued is the case of a child whose package waits in the outbox.
func (h *house) queued() (id ids.ID, key string) {
	h.t.Helper()
	id = h.do(referral.NewCase(referral.Starter{Network: h.network, Agency: h.Agency, Rules: h.uk, Keep: h.time().AddDate(0, 1, 0)}, h.who()))
	c, _, err := h.file(id).SaveReferral(h.uk, h.network.Nation, rule.Answers{
		"reporting-region": {"london"}, "under18": {"yes"}, "la-contacted": {"no"}, "still-in": {"no"}, "where": {"unknown"}, "types": {"forced-work"},
		"cooperate": {"unsure"}, "name": {"Synthetic Person"}, "gender": {"unknown"}, "nationality": {"VN"}, "interpreter": {"no"},
		"referrer-role": {"Officer"}, "referrer-phone": {"+44 7700 900456"}}, h.who())
	h.do(c, err)
	h.keys++
	key = h.name + "-" + strconv.Itoa(h.keys)
	h.do(h.file(id).Freeze(h.uk, h.uk.Today(h.network.Nation, h.time()), key, h.who()))
	h.do(h.file(id).Queue([]byte(`{"synthetic":"`+key+`"}`), h.who()))
	return id, key
}

const lease = time.Minute

func (h *house) delivery(store referral.Store, sender handover.Sender) handover.Delivery {
	return handover.Delivery{Store: store, Library: referral.NewLibrary(store, h.uk), Sender: sender, Now: h.time, Lease: lease,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
}

// killed runs a round of a process that may be killed in the middle.
func (h *house) killed(p *process) {
	defer func() {
		if e := recover(); e != nil && e != errKilled {
			panic(e)
		}
	}()
	_, _ = h.delivery(p, p).Deliver(context.Background()) // it is dead: nobody hears
}

// sentOnce says whether a case was handed over, once.
func (h *house) sentOnce(what string, id ids.ID, key string) {
	h.t.Helper()
	f := h.file(id)
	overs := f.Of(referral.PartHandover)
	if f.State != referral.Sent || len(overs) != 1 {
		h.t.Fatalf("%s: the case is %q with %d hand-overs", what, f.State, len(overs))
	}
	var over referral.Handover
	if err := overs[0].Decode(&over); err != nil || over.How != "service" || over.Receipt != "receipt-of-"+key {
		h.t.Errorf("%s: %+v, %v", what, over, err)
	}
	steps := 0
	for _, p := range f.Of(referral.PartStep) {
		var s referral.Step
		if err := p.Decode(&s); err == nil && s.Verb == referral.HandOver {
			steps++
		}
	}
	m, err := h.Messages(context.Background(), id)
	if err != nil || len(m) != 1 || m[0].State != referral.Delivered || steps != 1 {
		h.t.Errorf("%s: %d steps, message %+v, %v", what, steps, m[0], err)
	}
	if f.DueRule == "" {
		h.t.Errorf("%s: no clock began", what)
	}
}

// Once holds a store to this: whatever is killed at whatever moment, and however many
// deliver at once, a package is taken once and its case is Sent once.
func Once(t *testing.T, place Place) {
	for _, c := range []struct {
		name string
		run  func(t *testing.T, h *house)
	}{
		{"killed at every step", killedAtEveryStep},
		{"many at once", manyAtOnce},
		{"a lease that ends too early", slow},
		{"refused", refused},
		{"waits longer and longer", waits},
		{"taken back meanwhile", takenBack},
		{"changed meanwhile", changed},
		{"restricted", restricted},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, newHouse(t, place, c.name)) })
	}
}

func killedAtEveryStep(t *testing.T, h *house) {
	for _, after := range []bool{false, true} {
		for at := 1; ; at++ {
			id, key := h.queued()
			service := &Service{}
			p := &process{Store: h.Store, sender: service, at: at, after: after}
			h.killed(p)
			if !p.dead {
				h.sentOnce("nobody was killed", id, key)
				if at < 6 {
					t.Errorf("only %d steps were looked at", at)
				}
				break
			}
			h.pass(2 * lease)
			if _, err := h.delivery(h.Store, service).Deliver(context.Background()); err != nil {
				t.Fatalf("%v: %v", p, err)
			}
			h.sentOnce(p.String(), id, key)
			if service.Taken() != 1 {
				t.Errorf("%v: taken %d times", p, service.Taken())
			}
		}
	}
}

func manyAtOnce(t *testing.T, h *house) {
	all := map[ids.ID]string{}
	for range 12 {
		id, key := h.queued()
		all[id] = key
	}
	service := &Service{}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if _, err := h.delivery(h.Store, service).Deliver(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	for id, key := range all {
		h.sentOnce("many at once", id, key)
	}
	if service.Taken() != len(all) || service.Seen() != len(all) {
		t.Errorf("%d taken in %d attempts, of %d", service.Taken(), service.Seen(), len(all))
	}
}

// slow: a service takes longer than the lease, and another process begins.
func slow(t *testing.T, h *house) {
	id, key := h.queued()
	service := &Service{}
	inner := 0
	service.Before = func(string) {
		if inner++; inner == 1 {
			h.pass(2 * lease)
			if r, err := h.delivery(h.Store, service).Deliver(context.Background()); err != nil || r.Delivered != 1 {
				t.Errorf("%+v, %v", r, err)
			}
		}
	}
	if _, err := h.delivery(h.Store, service).Deliver(context.Background()); err != nil {
		t.Fatal(err)
	}
	h.sentOnce("two at once", id, key)
	if service.Taken() != 1 || service.Seen() != 2 {
		t.Errorf("taken %d, seen %d", service.Taken(), service.Seen())
	}
}

func (h *house) tasks(id ids.ID) []*referral.Part { return h.file(id).Of(referral.PartTask) }

// refused: nobody tries again, and whoever answers for the case is told, once,
// whatever is killed.
func refused(t *testing.T, h *house) {
	for at := 1; ; at++ {
		id, _ := h.queued()
		p := &process{Store: h.Store, sender: &Service{Answers: []handover.Code{handover.Unwanted, handover.Unwanted}}, at: at, after: true}
		h.killed(p)
		h.pass(2 * lease)
		if _, err := h.delivery(h.Store, p.sender).Deliver(context.Background()); err != nil {
			t.Fatal(err)
		}
		m, err := h.Messages(context.Background(), id)
		if err != nil || m[0].State != referral.Refused || m[0].Code != string(handover.Unwanted) {
			t.Fatalf("%v: %+v, %v", p, m[0], err)
		}
		tasks := h.tasks(id)
		if len(tasks) != 1 || tasks[0].Due.IsZero() || h.file(id).State != referral.Ready {
			t.Fatalf("%v: %d tasks", p, len(tasks))
		}
		if !p.dead {
			return
		}
	}
}

func waits(t *testing.T, h *house) {
	id, key := h.queued()
	service := &Service{}
	for range 12 {
		service.Answers = append(service.Answers, handover.Trouble)
	}
	d := h.delivery(h.Store, service)
	round := func() int {
		before := service.Seen()
		if _, err := d.Deliver(context.Background()); err != nil {
			t.Fatal(err)
		}
		return service.Seen() - before
	}
	if round() != 1 {
		t.Fatal("nothing was sent at once")
	}
	for _, gap := range []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 16 * time.Minute, 32 * time.Minute, time.Hour, time.Hour, time.Hour, time.Hour, time.Hour} {
		h.pass(gap - time.Second)
		if n := round(); n != 0 {
			t.Errorf("sent %d times before %v had gone by", n, gap)
		}
		h.pass(time.Second)
		if n := round(); n != 1 {
			t.Errorf("sent %d times after %v", n, gap)
		}
	}
	h.sentOnce("after a while", id, key)
	if n := len(h.tasks(id)); n != 1 {
		t.Errorf("the owner was told %d times that it waits", n)
	}
}

// takenBack: somebody takes the check back while the service has the package in its
// hands. That it is there is not lost.
func takenBack(t *testing.T, h *house) {
	id, _ := h.queued()
	service := &Service{Before: func(string) { h.do(h.file(id).Thaw("the age was wrong", h.who())) }}
	if _, err := h.delivery(h.Store, service).Deliver(context.Background()); err != nil {
		t.Fatal(err)
	}
	f := h.file(id)
	if f.State != referral.Draft || len(f.Of(referral.PartHandover)) != 0 || len(h.tasks(id)) != 1 {
		t.Errorf("the case is %q with %d tasks", f.State, len(h.tasks(id)))
	}
	// And nothing is sent that was taken back before.
	next, _ := h.queued()
	h.do(h.file(next).Thaw("the age was wrong", h.who()))
	seen := service.Seen()
	if _, err := h.delivery(h.Store, service).Deliver(context.Background()); err != nil || service.Seen() != seen {
		t.Errorf("sent after it was taken back: %v", err)
	}
}

// changed: the case's row changes while the service has the package.
func changed(t *testing.T, h *house) {
	id, key := h.queued()
	service := &Service{Before: func(string) {
		m, err := h.Store.Matter(context.Background(), id)
		if err != nil {
			t.Fatal(err)
		}
		h.do(m.Assign(h.Owner, "synthetic reason", h.who()))
	}}
	if _, err := h.delivery(h.Store, service).Deliver(context.Background()); err != nil {
		t.Fatal(err)
	}
	h.sentOnce("changed meanwhile", id, key)
}

func restricted(t *testing.T, h *house) {
	id, key := h.queued()
	h.do(h.file(id).Restrict("the person asked", h.who()))
	service := &Service{}
	if _, err := h.delivery(h.Store, service).Deliver(context.Background()); err != nil || service.Seen() != 0 {
		t.Fatalf("%d attempts, %v", service.Seen(), err)
	}
	h.do(h.file(id).Lift("the person agreed", h.who()))
	h.pass(time.Hour)
	if _, err := h.delivery(h.Store, service).Deliver(context.Background()); err != nil || service.Seen() != 0 {
		t.Fatalf("a restriction takes back what waits: %d attempts, %v", service.Seen(), err)
	}
	h.do(h.file(id).Queue([]byte(`{"synthetic":"`+key+`"}`), h.who()))
	if _, err := h.delivery(h.Store, service).Deliver(context.Background()); err != nil {
		t.Fatal(err)
	}
	if f := h.file(id); f.State != referral.Sent || len(f.Of(referral.PartHandover)) != 1 {
		t.Errorf("restricted for a while: %q", f.State)
	}
	// Restricted or withdrawn while the service has it: a person is told.
	for _, act := range []func(*referral.File) (*referral.Change, error){
		func(f *referral.File) (*referral.Change, error) { return f.Restrict("the person asked", h.who()) },
		func(f *referral.File) (*referral.Change, error) {
			return f.Closing(h.uk, h.network, referral.Mistaken, "the same person was referred before", h.who())
		},
	} {
		id, _ := h.queued()
		service.Before = func(string) { h.do(act(h.file(id))) }
		if _, err := h.delivery(h.Store, service).Deliver(context.Background()); err != nil {
			t.Fatal(err)
		}
		if n := len(h.tasks(id)); n != 1 || len(h.file(id).Of(referral.PartHandover)) != 0 {
			t.Errorf("%d tasks", n)
		}
	}
}
