package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/trust/audit"
)

// Limits of what stands in clear about a submission, in bytes.
const (
	maxInstance = 256
	maxCode     = 128
	maxNames    = 1000 // files of one submission
)

// Arrive implements collection.Submissions.
//
// The instance's row decides: whoever writes it first has stored the submission,
// and everyone else finds it there. Files that the answers do not name are kept
// too, since phones delete what was acknowledged.
func (db *DB) Arrive(ctx context.Context, by audit.Actor, a *collection.Arrival) (*collection.Arrived, error) {
	if err := checkArrival(a); err != nil {
		return nil, err
	}
	p := arrival{Arrival: a, db: db, by: by}
	var err error
	if p.programme, err = db.programmeOf(db.on(ctx), a.Round); err != nil {
		return nil, err
	}
	if p.digest, err = db.vault.Token(scopeOf(a.Round), a.XML); err != nil {
		return nil, err
	}
	if a.Deprecated == "" { // most likely new: sealed here, beside the one goroutine that writes
		p.id = db.NewID()
		if p.sealed, err = db.vault.Seal(scopeOf(a.Round), a.XML, bound("submission", p.id, 1)); err != nil {
			return nil, err
		}
	}
	var done collection.Arrived
	do := func(t *Tx) (err error) {
		done, err = p.store(t)
		return err
	}
	if p.id != 0 {
		err = db.writeAfter(ctx, p.claiming(p.id, 1), do)
	} else {
		err = db.Write(ctx, do)
	}
	if err != nil {
		return nil, err
	}
	return &done, nil
}

func checkArrival(a *collection.Arrival) error {
	faults := fault.NewList(20)
	code := func(field, value string, max int) {
		if len(value) > max || !utf8.ValidString(value) || strings.ContainsFunc(value, func(r rune) bool { return r < 0x20 || r == 0x7f }) {
			faults.Addf(fault.Invalid, fault.Place{Field: field}, "", "this is too long or holds characters that it may not")
		}
	}
	if a.InstanceID == "" {
		faults.Addf(fault.Invalid, fault.Place{Field: "instanceID"}, "", "the submission has no instanceID")
	}
	if a.Form == 0 || a.Version == 0 || a.Round == 0 || len(a.XML) == 0 {
		faults.Addf(fault.Internal, fault.Place{}, "", "a submission needs a round, a form, a version and a document")
	}
	code("instanceID", a.InstanceID, maxInstance)
	code("deprecatedID", a.Deprecated, maxInstance)
	code("point", a.Point, maxCode)
	code("route", a.Route, maxCode)
	code("day", a.Day, len("2006-01-02"))
	if len(a.Names) > maxNames || len(a.Files) > maxNames {
		faults.Addf(fault.Invalid, fault.Place{Field: "files"}, "", "a submission has at most %d files", maxNames)
	}
	return faults.Err()
}

// arrival is an Arrive under way.
type arrival struct {
	*collection.Arrival
	db        *DB
	by        audit.Actor
	programme ids.ID
	id        ids.ID // of the submission, if it is new
	digest    []byte // of the XML
	sealed    []byte // the XML, if the submission is new
	beside    ids.ID // what it says that it corrects, where another person sent that
}

// store finds out what arrived and stores it. It may run more than once.
func (p *arrival) store(t *Tx) (collection.Arrived, error) {
	done, err := p.look(t)
	if errors.Is(err, errClaimed) { // by another process, since we looked; its row is there now
		done, err = p.look(t)
	}
	return done, err
}

func (p *arrival) look(t *Tx) (collection.Arrived, error) {
	if p.Deprecated == "" { // most likely new: nobody asks before it is written
		done, err := p.first(t)
		if !errors.Is(err, errClaimed) {
			return done, err
		}
	}
	was, err := p.find(t, p.InstanceID)
	switch {
	case err == nil && !bytes.Equal(was.digest, p.digest):
		return collection.Arrived{}, fault.New(fault.Conflict, fault.Place{Field: "instanceID"},
			"a submission with this instanceID and other answers is stored already", "send edits with a new instanceID and deprecatedID")
	case err == nil:
		return p.again(t, was)
	case !errors.Is(err, sql.ErrNoRows):
		return collection.Arrived{}, err
	case p.Deprecated != "":
		return p.replace(t)
	}
	if _, err := t.keepRound(p.Round); err != nil {
		return collection.Arrived{}, err
	}
	return collection.Arrived{}, errClaimed
}

// instance is where an instanceID stands.
type instance struct {
	submission ids.ID
	number     int
	digest     []byte
}

func (p *arrival) find(t *Tx, id string) (i instance, err error) {
	err = t.One("SELECT submission, number, digest FROM instance WHERE form = $1 AND draft = $2 AND instance = $3",
		[]any{p.Form, truth(p.Draft), id}, &i.submission, &i.number, &i.digest)
	return i, err
}

// errClaimed says that the instance is stored already.
var errClaimed = fault.New(fault.Unavailable, fault.Place{Field: "instanceID"}, "the same submission is being stored", "send it again")

// claim writes the instance's row, before anything else is written. The round's
// row is kept from being deleted until the end, and a deleted round takes nothing.
func (p *arrival) claim(t *Tx, submission ids.ID, number int) error {
	s := p.claiming(submission, number)
	n, err := t.Ahead(s.query, s.args...)
	if err == nil && n == 0 {
		err = errClaimed
	}
	return err
}

func (p *arrival) claiming(submission ids.ID, number int) *deferred {
	return &deferred{`INSERT INTO instance (form, draft, instance, submission, number, digest)
 SELECT $1, $2, $3, $4, $5, $6 FROM round WHERE id = $7 AND state <> 'deleted' {SHARE} ON CONFLICT (form, draft, instance) DO NOTHING`,
		[]any{p.Form, truth(p.Draft), p.InstanceID, submission, number, p.digest, p.Round}}
}

// first stores a new submission.
func (p *arrival) first(t *Tx) (collection.Arrived, error) {
	if err := p.claim(t, p.id, 1); err != nil {
		return collection.Arrived{}, err
	}
	day := p.Day
	if day == "" {
		day = p.At.UTC().Format("2006-01-02")
	}
	k := kept{draft: p.Draft, Submission: collection.Submission{Round: p.Round, Version: p.Version, Enumerator: p.Enumerator, Point: p.Point, Route: p.Route, Day: day, State: collection.Received}}
	complete := p.complete()
	if err := t.Later(`INSERT INTO submission (id, round, form, version, draft, instance, received, enumerator, sender, point, route, day,
 state, complete, unreadable, encrypted, revision, checked, errors, warnings, notes, worst, twin, etag)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, $13, 0, $14, 1, 0, 0, 0, 0, 0, 0, 1)`,
		p.id, p.Round, p.Form, p.Version, truth(p.Draft), p.InstanceID, millis(p.At), p.Enumerator, p.Sender, p.Point, p.Route, day, truth(complete), truth(p.Encrypted)); err != nil {
		return collection.Arrived{}, err
	}
	if err := p.revision(t, p.id, 1, p.sealed); err != nil {
		return collection.Arrived{}, err
	}
	if len(p.Names)+len(p.Files) > 0 {
		if err := t.name(p.Round, p.id, 1, p.Names, p.Files); err != nil {
			return collection.Arrived{}, err
		}
	}
	t.tally(&k, 1)
	if p.beside != 0 {
		p.record(t, p.id, "new", "1", "beside", p.beside.String())
	} else {
		p.record(t, p.id, "new", "1")
	}
	return collection.Arrived{Submission: p.id, New: true, Complete: complete}, nil
}

// complete tells whether the files that came are all that the answers name.
func (p *arrival) complete() bool {
	if len(p.Names) == 0 {
		return true
	}
	here := make(map[string]bool, len(p.Files))
	for _, f := range p.Files {
		here[f.Name] = f.Address != ""
	}
	for _, name := range p.Names {
		if !here[name] {
			return false
		}
	}
	return true
}

func (p *arrival) revision(t *Tx, submission ids.ID, number int, sealed []byte) error {
	return t.Later("INSERT INTO revision (submission, number, instance, at, enumerator, account, version, xml, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		submission, number, p.InstanceID, millis(p.At), p.Enumerator, p.Sender, p.Version, sealed, []byte{})
}

// again is the same submission once more: its files are added.
func (p *arrival) again(t *Tx, was instance) (collection.Arrived, error) {
	done := collection.Arrived{Submission: was.submission}
	if len(p.Files) == 0 {
		err := t.One("SELECT complete FROM submission WHERE id = $1", []any{was.submission}, &done.Complete)
		return done, found(err, "submission")
	}
	k, _, err := t.keepSubmission(was.submission)
	if err != nil {
		return done, err
	}
	added, err := t.addFiles(k, p.Files)
	if err != nil {
		return done, err
	}
	if done.Complete, err = t.completed(k); err != nil {
		return done, err
	}
	if added > 0 {
		p.record(t, was.submission, "files", strconv.Itoa(added))
	}
	return done, nil
}

// replace stores an edit made on a phone as the next revision. Only who sent the
// original corrects it: whoever else knows its instanceID has sent a submission
// of its own, which says so when it is checked.
func (p *arrival) replace(t *Tx) (collection.Arrived, error) {
	old, err := p.find(t, p.Deprecated)
	if err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			err = fault.New(fault.NotFound, fault.Place{Field: "deprecatedID"}, "the submission that this one replaces is not here", "send the original first")
		}
		return collection.Arrived{}, err
	}
	k, _, err := t.keepSubmission(old.submission)
	if err != nil {
		return collection.Arrived{}, err
	}
	if k.Enumerator != p.Enumerator || k.Sender != p.Sender {
		p.id, p.beside = p.db.NewID(), k.ID
		if p.sealed, err = p.db.vault.Seal(scopeOf(p.Round), p.XML, bound("submission", p.id, 1)); err != nil {
			return collection.Arrived{}, err
		}
		return p.first(t)
	}
	if k.Revision != old.number {
		return collection.Arrived{}, fault.New(fault.Conflict, fault.Place{Field: "deprecatedID"},
			"the submission that this one replaces was edited by someone else in the meantime", "edit the newest version")
	}
	number := k.Revision + 1
	sealed, err := p.db.vault.Seal(scopeOf(k.Round), p.XML, bound("submission", k.ID, number))
	if err != nil {
		return collection.Arrived{}, err
	}
	if err := p.claim(t, k.ID, number); err != nil {
		return collection.Arrived{}, err
	}
	if err := p.revision(t, k.ID, number, sealed); err != nil {
		return collection.Arrived{}, err
	}
	next := *k
	next.Version, next.InstanceID, next.Point, next.Route, next.encrypted = p.Version, p.InstanceID, p.Point, p.Route, p.Encrypted
	if p.Day != "" {
		next.Day = p.Day
	}
	complete, err := t.revise(k, &next, p.Names, p.Files)
	if err != nil {
		return collection.Arrived{}, err
	}
	p.record(t, k.ID, "revision", strconv.Itoa(number), "state", string(k.State))
	return collection.Arrived{Submission: k.ID, New: true, Complete: complete}, nil
}

func (p *arrival) record(t *Tx, submission ids.ID, pairs ...string) {
	action := access.SubmissionAdd
	if p.Draft {
		action = access.FormTest
	}
	t.Record(entry(p.by, action, p.programme, "submission", submission, pairs...))
}
