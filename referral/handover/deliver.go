package handover

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/referral"
	"waymark/trust/audit"
)

// Delivery is how packages are brought from the outbox to a service.
type Delivery struct {
	Store   referral.Store    // Required
	Library *referral.Library // Required
	Sender  Sender            // Required
	// Now is the clock. Required.
	Now func() time.Time
	// Log gets codes and identifiers, nothing of a package. Required.
	Log *slog.Logger
	// Lease is how long a message is lent to one round: longer than one attempt
	// takes. Default 5 minutes.
	Lease time.Duration
	// First is the wait after the first attempt; it doubles up to Most. Defaults 30
	// seconds and 1 hour.
	First, Most time.Duration
	// Alarm is at which attempt the owner of a case is told that its package still
	// waits. Default 8, about an hour.
	Alarm int
	// Limit is how many messages one round takes. Default 20.
	Limit int
}

// Round is what a round came to.
type Round struct{ Delivered, Refused, Waiting, Left int }

// actor is who works when nobody asks.
var actor = audit.Actor{Kind: audit.System, Via: "job"}

// deliverAction is the reading of a file in the audit.
const deliverAction = "referral.deliver"

func or[T int | time.Duration](x, standard T) T {
	if x > 0 {
		return x
	}
	return standard
}

// Deliver does one round: it borrows what waits, sends it, and writes down what came of
// it. Several may run at once, and any of them may be killed at any point. What was
// sent and not written down is sent again under the same key, which a service takes
// once; the case is Sent in the transaction that says Delivered.
func (d Delivery) Deliver(ctx context.Context) (Round, error) {
	var done Round
	var errs []error
	// One at a time: a lease is for one attempt, not for a queue of them.
	for range or(d.Limit, 20) {
		lent, err := d.Store.Claim(ctx, d.Now(), or(d.Lease, 5*time.Minute), 1)
		if err != nil {
			return done, errors.Join(append(errs, err)...)
		}
		if len(lent) == 0 {
			break
		}
		if err := d.one(ctx, lent[0], &done); err != nil {
			done.Left++ // the lease ends, and it is tried again
			errs = append(errs, err)
		}
		if ctx.Err() != nil {
			break
		}
	}
	return done, errors.Join(errs...)
}

func (d Delivery) one(ctx context.Context, m *referral.Message, done *Round) error {
	row, err := d.Store.Matter(ctx, m.Matter)
	switch {
	case err != nil:
		return err
	case row.State != referral.Ready: // it was taken back in the moment between
		return d.Store.Settle(ctx, m.ID, referral.Recalled, string(TakenBack), d.Now(), nil)
	case row.Restricted:
		done.Waiting++
		return d.later(ctx, m, Restricted)
	}
	receipt, err := d.Sender.Send(ctx, m.Key, m.Body)
	switch code := codeOf(err); {
	case err == nil:
		if err := d.delivered(ctx, m, plain(receipt)); err != nil {
			return err
		}
		done.Delivered++
		d.Log.Info("a referral was delivered", "message", m.ID.String(), "tries", m.Tries)
	case code.Final():
		if err := d.refused(ctx, m, code); err != nil {
			return err
		}
		done.Refused++
		d.Log.Warn("the service refused a referral", "message", m.ID.String(), "code", string(code))
	default:
		done.Waiting++
		d.Log.Warn("a referral waits", "message", m.ID.String(), "code", string(code), "tries", m.Tries)
		return d.later(ctx, m, code)
	}
	return nil
}

// later puts a message back. The owner is told once if it has waited for long.
func (d Delivery) later(ctx context.Context, m *referral.Message, code Code) error {
	wait, most := or(d.First, 30*time.Second), or(d.Most, time.Hour)
	for range m.Tries - 1 {
		if wait *= 2; wait >= most {
			break
		}
	}
	if m.Tries == or(d.Alarm, 8) {
		if err := d.tell(ctx, m, "The package still waits to be delivered ("+string(code)+"). Look at the referral, and hand it over another way if it cannot wait."); err != nil {
			return err
		}
	}
	return d.Store.Settle(ctx, m.ID, referral.Waiting, string(code), d.Now().Add(min(wait, most)), nil)
}

// attempts is how often a change is made anew when somebody else changed the case in
// the moment between.
const attempts = 8

// delivered writes down that the service has the package.
func (d Delivery) delivered(ctx context.Context, m *referral.Message, receipt string) error {
	var err error
	for range attempts {
		var c *referral.Change
		if c, err = d.handOver(ctx, m, receipt); err == nil {
			err = d.Store.Settle(ctx, m.ID, referral.Delivered, "", time.Time{}, c)
		}
		if err == nil {
			return nil
		}
		late, missed := d.recalled(ctx, m)
		switch {
		case missed != nil:
			return errors.Join(err, missed)
		case !late && fault.KindOf(err) != fault.Conflict:
			return err
		case late:
			// It was taken back while the service already had it: a person must know.
			return d.tell(ctx, m, "The authority's service had taken the package before it was taken back. Tell the authority. Receipt: "+receipt)
		}
	}
	return err
}

// recalled says whether a message was taken back.
func (d Delivery) recalled(ctx context.Context, m *referral.Message) (bool, error) {
	all, err := d.Store.Messages(ctx, m.Matter)
	if err != nil {
		return false, err
	}
	for _, x := range all {
		if x.ID == m.ID {
			return x.State == referral.Recalled, nil
		}
	}
	return false, nil
}

func (d Delivery) handOver(ctx context.Context, m *referral.Message, receipt string) (*referral.Change, error) {
	f, w, err := d.open(ctx, m.Matter)
	if err != nil {
		return nil, err
	}
	if f.State == referral.Sent { // another round was faster: Settle knows
		return nil, nil
	}
	n, err := d.Store.Network(ctx, f.Network)
	if err != nil {
		return nil, err
	}
	rules, err := d.Library.Version(ctx, f.Rules)
	if err != nil {
		return nil, err
	}
	return f.HandOver(rules, n, "service", receipt, w)
}

// open reads the file as the server, which works for the agency that holds it.
func (d Delivery) open(ctx context.Context, id ids.ID) (*referral.File, referral.Who, error) {
	f, err := d.Store.Open(ctx, actor, id, deliverAction)
	if err != nil {
		return nil, referral.Who{}, err
	}
	return f, referral.Who{By: actor, Agency: f.Agency, At: d.Now()}, nil
}

// refused writes down that the service will not take it, with a task for whoever
// answers for the case.
func (d Delivery) refused(ctx context.Context, m *referral.Message, code Code) error {
	f, w, err := d.open(ctx, m.Matter)
	if err != nil {
		return err
	}
	c, err := d.task(f, w, "The authority's service does not take the package ("+string(code)+"). Look at the referral: change it, or hand it over another way.")
	if err != nil {
		return err
	}
	return d.Store.Settle(ctx, m.ID, referral.Refused, string(code), time.Time{}, c)
}

// tell puts a task on the list of whoever answers for the case.
func (d Delivery) tell(ctx context.Context, m *referral.Message, text string) error {
	f, w, err := d.open(ctx, m.Matter)
	if err != nil {
		return err
	}
	c, err := d.task(f, w, text)
	if err != nil {
		return err
	}
	_, err = d.Store.Do(ctx, c)
	return err
}

// task is something to do today. Its text is sealed; lists show its kind alone. A file
// that is restricted or closed takes it too: that a package is where it should not be
// must not be lost.
func (d Delivery) task(f *referral.File, w referral.Who, text string) (*referral.Change, error) {
	p := &referral.Part{Matter: f.ID, Kind: referral.PartTask, Agency: f.Agency, Due: w.At, Made: w.At, Changed: w.At}
	if err := p.Encode(referral.Task{Kind: "refer", Text: text}); err != nil {
		return nil, err
	}
	return &referral.Change{Matter: f.Matter, Row: f.State == referral.Closed, Put: []*referral.Part{p},
		Entries: []audit.Entry{{At: w.At, Actor: w.By, Action: "case.write", Detail: map[string]string{"part": string(referral.PartTask)}}}}, nil
}
