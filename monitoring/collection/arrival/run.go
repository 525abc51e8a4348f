package arrival

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/audit"
)

// Store is what the loop needs of the store.
type Store interface {
	Round(ctx context.Context, id ids.ID) (*collection.Round, error)
	ListPoints(ctx context.Context, round ids.ID) ([]*collection.Point, error)
	Version(ctx context.Context, id ids.ID) (*collection.Version, error)
	FieldEnumerator(ctx context.Context, id ids.ID) (*collection.FieldEnumerator, error)
	Submission(ctx context.Context, id ids.ID) (*collection.Submission, error)
	ReadAnswers(ctx context.Context, by audit.Actor, id ids.ID, revision int) (*collection.Revision, error)
	Unchecked(ctx context.Context, limit int, patience time.Duration) ([]collection.Unchecked, error)
	SetChecked(ctx context.Context, results []collection.Checked) error
	Resemble(ctx context.Context, round, except ids.ID, marks []int64, atLeast, limit int) ([]collection.Resemblance, error)
	OpenFile(ctx context.Context, round ids.ID, address string) (io.ReadCloser, error)
}

// RunOptions of the loop.
type RunOptions struct {
	// Wake says that something has arrived. A signal that comes while the loop
	// works must not be lost: give the channel room for one. Default: none, and
	// only the time of Poll wakes.
	Wake <-chan struct{}
	// Poll is how long the loop sleeps at most: for what waits for files, and for
	// what other processes took in. Default one minute.
	Poll time.Duration
	// Patience is how long a submission waits for its files. Default 15 minutes.
	Patience time.Duration
	// Batch is how many are taken at once. Default 128.
	Batch int
	// Workers at the same time. Default: the number of processors.
	Workers int
	// Yield, if set, is called before each batch and may wait: checks come behind
	// phones that are being answered. It must return when ctx ends.
	Yield func(ctx context.Context)
	// Checked, if set, is called after each batch with the rounds in it.
	Checked func(rounds []ids.ID)
}

// worker is who reads what a submission is compared with.
var worker = audit.Actor{Kind: audit.System, Via: "job"}

// backOff is how long the loop waits after a failure of the store, doubled each
// time up to a minute.
const backOff = time.Second

// Run checks what waits, until the context ends; then it returns nil. What is
// not checked stays unchecked in the store, so it may be stopped or killed at
// any time. Several processes may run it over one store: some work is done
// twice, nothing is lost.
func Run(ctx context.Context, store Store, checker *Checker, opt RunOptions) error {
	if opt.Poll <= 0 {
		opt.Poll = time.Minute
	}
	if opt.Patience <= 0 {
		opt.Patience = 15 * time.Minute
	}
	if opt.Batch <= 0 {
		opt.Batch = 128
	}
	if opt.Workers <= 0 {
		opt.Workers = runtime.GOMAXPROCS(0)
	}
	l := &loop{store: store, Checker: checker, run: opt}
	wait := time.NewTimer(0)
	defer wait.Stop()
	<-wait.C
	failures := 0
	for {
		if opt.Yield != nil {
			opt.Yield(ctx)
		}
		n, err := l.batch(ctx)
		pause := opt.Poll
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			failures++
			pause = min(backOff<<min(failures-1, 6), time.Minute)
			checker.opt.Log.Error("checking waits: the store failed", "error", err, "again_in", pause)
		case n > 0:
			failures = 0
			continue
		default:
			failures = 0
		}
		wait.Reset(pause)
		wake := opt.Wake
		if err != nil {
			wake = nil // what arrives does not mend the store
		}
		select {
		case <-ctx.Done():
			return nil
		case <-wake:
			if !wait.Stop() {
				<-wait.C
			}
		case <-wait.C:
		}
	}
}

type loop struct {
	*Checker
	store Store
	run   RunOptions
	last  map[revision]int // how often each was handed back
}

type revision struct {
	submission ids.ID
	number     int
}

// errAgain is said where the store hands the same revisions out again and again.
var errAgain = errors.New("revisions that were checked are still waiting")

// batch checks some submissions and returns how many.
func (l *loop) batch(ctx context.Context) (int, error) {
	waiting, err := l.store.Unchecked(ctx, l.run.Batch, l.run.Patience)
	if err != nil || len(waiting) == 0 {
		return 0, err
	}
	around := newSurroundings(l.store)
	all := make([]*examined, len(waiting))
	next := make(chan int)
	var group sync.WaitGroup
	var mu sync.Mutex
	var failed error
	for range min(l.run.Workers, len(waiting)) {
		group.Go(func() {
			for i := range next {
				e, err := l.one(ctx, around, waiting[i])
				if err != nil {
					mu.Lock()
					failed = err
					mu.Unlock()
				}
				all[i] = e
			}
		})
	}
	for i := range waiting {
		next <- i
	}
	close(next)
	group.Wait()
	if ctx.Err() != nil {
		return 0, ctx.Err()
	}
	done := all[:0]
	for _, e := range all {
		if e != nil {
			done = append(done, e)
		}
	}
	if len(done) == 0 {
		return 0, failed
	}
	l.compare(ctx, around, done)
	if err := l.keep(ctx, done); err != nil {
		return 0, err
	}
	if l.run.Checked != nil {
		l.run.Checked(around.seen())
	}
	if failed != nil {
		return len(done), failed
	}
	return len(done), l.again(done)
}

// again notices a store that does not let go of what was checked.
func (l *loop) again(done []*examined) error {
	now := make(map[revision]int, len(done))
	stuck := 0
	for _, e := range done {
		key := revision{e.Submission, e.Revision}
		now[key] = l.last[key] + 1
		if now[key] > 2 {
			stuck++
		}
	}
	l.last = now
	if stuck == len(done) {
		return errAgain
	}
	return nil
}

// one checks a submission. A document that crashes the check is marked and holds
// nobody up; an error is the store's.
func (l *loop) one(ctx context.Context, around *surroundings, u collection.Unchecked) (e *examined, err error) {
	defer func() {
		if r := recover(); r != nil {
			// The value may hold an answer; its type and the stack do not.
			l.opt.Log.Error("the check of a submission crashed", "submission", u.Submission.ID, "kind", fmt.Sprintf("%T", r), "stack", string(debug.Stack()))
			e, err = crashed(u), nil
		}
	}()
	s, err := around.subject(ctx, u)
	if err != nil {
		return nil, err
	}
	return l.examine(ctx, s), nil
}

// crashed is what is kept of a submission that could not be checked.
func crashed(u collection.Unchecked) *examined {
	e := &examined{}
	e.Submission, e.Revision, e.Day = u.Submission.ID, u.Revision.Number, u.Submission.Day
	e.Point, e.Route = u.Submission.Point, u.Submission.Route
	e.say(collection.Finding{Rule: "arrival.crash", Severity: collection.SeverityError,
		Message: "The check of this submission broke off inside the program", Remedy: "Look at the answers by eye, and report it with the submission's number; the answers are kept as they came."})
	return e
}

// keep stores the results; where a batch is refused, one by one, so that one
// does not hold up the others.
func (l *loop) keep(ctx context.Context, done []*examined) error {
	results := make([]collection.Checked, len(done))
	for i, e := range done {
		results[i] = e.Checked
	}
	err := l.store.SetChecked(ctx, results)
	if err == nil || ctx.Err() != nil || len(results) == 1 {
		return err
	}
	l.opt.Log.Warn("a batch of checks was refused; storing one by one", "error", err)
	kept := 0
	for i := range results {
		if one := l.store.SetChecked(ctx, results[i:i+1]); one != nil {
			if ctx.Err() != nil {
				return one
			}
			l.opt.Log.Error("a check could not be stored", "submission", results[i].Submission, "error", one)
			continue
		}
		kept++
	}
	if kept == 0 {
		return err
	}
	return nil
}

// surroundings are what the submissions of one batch are judged by, read once.
type surroundings struct {
	store Store
	mu    sync.Mutex
	known map[ids.ID]*reading
}

// reading is one thing that is read once, by whoever comes first.
type reading struct {
	once       sync.Once
	round      *collection.Round
	points     []*collection.Point
	version    *collection.Version
	enumerator *collection.FieldEnumerator
	err        error
}

func newSurroundings(store Store) *surroundings {
	return &surroundings{store: store, known: map[ids.ID]*reading{}}
}

func (a *surroundings) get(id ids.ID, read func(*reading)) (*reading, error) {
	a.mu.Lock()
	r := a.known[id]
	if r == nil {
		r = &reading{}
		a.known[id] = r
	}
	a.mu.Unlock()
	r.once.Do(func() { read(r) })
	return r, r.err
}

func (a *surroundings) subject(ctx context.Context, u collection.Unchecked) (*Subject, error) {
	s := &Subject{Unchecked: u}
	round, err := a.get(u.Submission.Round, func(r *reading) {
		if r.round, r.err = a.store.Round(ctx, u.Submission.Round); r.err == nil {
			r.points, r.err = a.store.ListPoints(ctx, u.Submission.Round)
		}
	})
	if err != nil {
		return nil, err
	}
	s.Round, s.Points = round.round, round.points
	id := u.Revision.Version
	if id == 0 {
		id = u.Submission.Version
	}
	version, err := a.get(id, func(r *reading) { r.version, r.err = a.store.Version(ctx, id) })
	if err != nil {
		return nil, err
	}
	s.Version = version.version
	s.Draft = version.version.Published.IsZero()
	if u.Submission.Enumerator != 0 {
		e, err := a.get(u.Submission.Enumerator, func(r *reading) { r.enumerator, r.err = a.store.FieldEnumerator(ctx, u.Submission.Enumerator) })
		if err != nil {
			return nil, err
		}
		s.Enumerator = e.enumerator
	}
	return s, nil
}

// seen are the rounds of the batch.
func (a *surroundings) seen() []ids.ID {
	var list []ids.ID
	for id, r := range a.known {
		if r.round != nil {
			list = append(list, id)
		}
	}
	return list
}
