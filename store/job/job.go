// Package job runs work in the background from a queue in the database, so that
// it survives a restart and is done by one of several processes: sweeping,
// checkpoints of the audit, deletions that were approved, backups.
//
// It knows when work is due and that it was done, not what it is: the caller
// gives a function for each kind. It runs on River (riverqueue/river) on both
// engines.
package job

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"

	"waymark/internal/fault"
)

// Kind is one sort of work.
type Kind struct {
	// Name of the kind, lower-case letters and hyphens. Required.
	Name string
	// Do does the work. An error is tried again, later and later, up to Attempts
	// times. It must be able to run twice. Required.
	Do func(ctx context.Context) error
	// Every is how often it is due; zero for only when asked.
	Every time.Duration
	// AtStart says that it is also due when a process starts to lead.
	AtStart bool
	// Attempts is how often it is tried. Default 5.
	Attempts int
	// Limit is how long one run may take. Default 10 minutes.
	Limit time.Duration
}

// Options of New.
type Options struct {
	// DB is the store's writing handle; on SQLite its one connection is shared, so
	// that nothing is ever locked out. Required.
	DB *sql.DB
	// Engine is "sqlite" or "postgres". Required.
	Engine string
	Kinds  []Kind       // Required
	Log    *slog.Logger // Required
	// Poll is how often the queue is looked at. Default 2 seconds.
	Poll time.Duration
}

// Jobs is a queue and its workers.
type Jobs struct {
	client *river.Client[*sql.Tx]
	kinds  map[string]Kind
	db     *sql.DB
}

// args is what the queue keeps of a job: the name of its kind, and no data.
type args struct {
	Name string `json:"name"`
}

// Kind is River's word for the type of args; there is one.
func (args) Kind() string { return "work" }

// once keeps a second job of a kind out while one waits or runs.
var once = river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
	rivertype.JobStateRunning, rivertype.JobStateScheduled,
}}

// New makes the queue's tables where they are missing. Start begins to work.
func New(ctx context.Context, o Options) (*Jobs, error) {
	if o.Poll <= 0 {
		o.Poll = 2 * time.Second
	}
	quiet := slog.New(quieter{o.Log.Handler()})
	driver, err := driverOf(o.Engine, o.DB)
	if err != nil {
		return nil, err
	}
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: quiet})
	if err != nil {
		return nil, err
	}
	if v, err := migrator.Validate(ctx, nil); err != nil || !v.OK {
		if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
			return nil, fault.Wrap(fault.Unavailable, fault.Place{}, "the tables of background work could not be made",
				"give the database's user the right to create tables, then start again", err)
		}
	}
	j := &Jobs{kinds: map[string]Kind{}, db: o.DB}
	workers := river.NewWorkers()
	var periodic []*river.PeriodicJob
	for _, k := range o.Kinds {
		if k.Attempts == 0 {
			k.Attempts = 5
		}
		if k.Limit == 0 {
			k.Limit = 10 * time.Minute
		}
		if _, twice := j.kinds[k.Name]; twice || k.Do == nil || k.Name == "" {
			return nil, fmt.Errorf("job kind %q is there twice, or does nothing", k.Name)
		}
		j.kinds[k.Name] = k
		if k.Every > 0 {
			periodic = append(periodic, river.NewPeriodicJob(river.PeriodicInterval(k.Every),
				func() (river.JobArgs, *river.InsertOpts) { return args{k.Name}, k.insert() },
				&river.PeriodicJobOpts{ID: k.Name, RunOnStart: k.AtStart}))
		}
	}
	if err := river.AddWorkerSafely(workers, &worker{kinds: j.kinds}); err != nil {
		return nil, err
	}
	j.client, err = river.NewClient(driver, &river.Config{
		Logger:            quiet,
		Workers:           workers,
		PeriodicJobs:      periodic,
		PollOnly:          true,
		FetchPollInterval: o.Poll,
		FetchCooldown:     min(o.Poll, 100*time.Millisecond),
		Queues:            map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 2}},
		ErrorHandler:      &failures{o.Log},
	})
	return j, err
}

func driverOf(engine string, db *sql.DB) (riverdriver.Driver[*sql.Tx], error) {
	switch engine {
	case "sqlite":
		return riversqlite.New(db), nil
	case "postgres":
		return riverdatabasesql.New(db), nil
	}
	return nil, fmt.Errorf("there are no jobs on engine %q", engine)
}

func (k Kind) insert() *river.InsertOpts {
	return &river.InsertOpts{MaxAttempts: k.Attempts, UniqueOpts: once}
}

// Start begins to work; Stop ends it.
func (j *Jobs) Start(ctx context.Context) error { return j.client.Start(ctx) }

// Stop lets running jobs end, or cancels them when ctx ends.
func (j *Jobs) Stop(ctx context.Context) error {
	if err := j.client.Stop(ctx); err != nil {
		cut, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		return j.client.StopAndCancel(cut)
	}
	return nil
}

// Ask puts a job of a kind into the queue, unless one waits already.
func (j *Jobs) Ask(ctx context.Context, name string) error {
	k, ok := j.kinds[name]
	if !ok {
		return fmt.Errorf("there is no job kind %q", name)
	}
	_, err := j.client.Insert(ctx, args{name}, k.insert())
	return err
}

// Status is how one kind of work stands.
type Status struct {
	Kind string `json:"kind"`
	// Every is how often it is due; zero for only when asked.
	Every   time.Duration `json:"every"`
	Waiting int           `json:"waiting"`
	Failed  int           `json:"failed"` // given up in the last seven days
	Done    *time.Time    `json:"done,omitempty"`
}

// Statuses says how each kind of work stands, by name, from the last thousand
// jobs.
func (j *Jobs) Statuses(ctx context.Context) ([]Status, error) {
	found := map[string]*Status{}
	for name, k := range j.kinds {
		found[name] = &Status{Kind: name, Every: k.Every}
	}
	list, err := j.client.JobList(ctx, river.NewJobListParams().First(1000).OrderBy(river.JobListOrderByID, river.SortOrderDesc))
	if err != nil {
		return nil, err
	}
	for _, row := range list.Jobs {
		var a args
		if err := json.Unmarshal(row.EncodedArgs, &a); err != nil || found[a.Name] == nil {
			continue
		}
		s := found[a.Name]
		switch row.State {
		case rivertype.JobStateCompleted:
			if s.Done == nil {
				s.Done = row.FinalizedAt
			}
		case rivertype.JobStateDiscarded:
			s.Failed++
		case rivertype.JobStateCancelled:
		default:
			s.Waiting++
		}
	}
	all := make([]Status, 0, len(found))
	for _, s := range found {
		all = append(all, *s)
	}
	slices.SortFunc(all, func(a, b Status) int { return strings.Compare(a.Kind, b.Kind) })
	return all, nil
}

type worker struct {
	river.WorkerDefaults[args]
	kinds map[string]Kind
}

func (w *worker) Work(ctx context.Context, job *river.Job[args]) error {
	k, ok := w.kinds[job.Args.Name]
	if !ok { // asked for by a newer version that shares the database
		return river.JobSnooze(time.Minute)
	}
	return k.Do(ctx)
}

func (w *worker) Timeout(job *river.Job[args]) time.Duration { return w.kinds[job.Args.Name].Limit }

// failures logs what failed: the kind, never what it worked on.
type failures struct{ log *slog.Logger }

func (f *failures) HandleError(_ context.Context, row *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	f.log.Error("background work failed", "kind", string(row.EncodedArgs), "attempt", row.Attempt, "of", row.MaxAttempts, "error", err)
	return nil
}

func (f *failures) HandlePanic(_ context.Context, row *rivertype.JobRow, v any, trace string) *river.ErrorHandlerResult {
	f.log.Error("background work panicked", "kind", string(row.EncodedArgs), "attempt", row.Attempt, "panic", fmt.Sprintf("%T", v), "trace", trace)
	return nil
}

// quieter passes warnings and errors only: the queue's own news is not ours.
type quieter struct{ slog.Handler }

func (q quieter) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && q.Handler.Enabled(ctx, l)
}
func (q quieter) WithAttrs(a []slog.Attr) slog.Handler { return quieter{q.Handler.WithAttrs(a)} }
func (q quieter) WithGroup(n string) slog.Handler      { return quieter{q.Handler.WithGroup(n)} }
