package audit

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// Evidence is what an export is held against.
type Evidence struct {
	// Keys are the lines that verify checkpoints, the log's own among them: Required.
	Keys []string
	// Checkpoints were kept outside. Without any, only a change by someone who
	// cannot sign is found.
	Checkpoints []Outside
	// Partial allows entries that are there by their hash only. Default: not.
	Partial bool
}

// Outside is a signed checkpoint that was kept outside of the system.
type Outside struct {
	Name   string // for messages, such as the file's
	Signed []byte
}

// Report says what an export was found to be.
type Report struct {
	Origin   string `json:"origin"`
	Entries  int64  `json:"entries"`
	Withheld int64  `json:"withheld"`
	Root     string `json:"root"`
	// First and Last are the times of the first and the last entry.
	First time.Time `json:"first,omitzero"`
	Last  time.Time `json:"last,omitzero"`
	// Outside are the sizes of the checkpoints that were kept outside and agree.
	Outside []int64 `json:"outside"`
	// Back counts the entries whose time lies more than a second before the time
	// of the one before: the clock was set back, which is no proof of anything.
	// BackAt is the number of the first, BackBy the greatest step in milliseconds.
	Back   int64 `json:"clock_set_back"`
	BackAt int64 `json:"clock_set_back_first,omitempty"`
	BackBy int64 `json:"clock_set_back_most_ms,omitempty"`
}

// Verify reads an export once and computes the tree again from what stands in
// it, in memory that does not grow. It returns a *Problem with the first thing
// that is wrong; any other error is of reading.
func Verify(export io.Reader, ev Evidence) (*Report, error) {
	v := verifier{keys: ev.Keys, partial: ev.Partial, in: bufio.NewReaderSize(export, maxLine), report: &Report{Outside: []int64{}}}
	if len(ev.Keys) == 0 {
		return nil, errors.New("audit: a key that verifies is required")
	}
	for _, o := range ev.Checkpoints {
		c, err := ReadCheckpoint(o.Signed, o.Name, ev.Keys...)
		if err != nil {
			return nil, err
		}
		v.outside = append(v.outside, outside{*c, o.Name})
	}
	slices.SortStableFunc(v.outside, func(a, b outside) int { return cmp.Compare(a.Size, b.Size) })
	if err := v.run(); err != nil {
		return nil, err
	}
	return v.report, nil
}

type outside struct {
	Checkpoint
	name string
}

type verifier struct {
	keys    []string
	partial bool
	outside []outside // that were not reached yet, by size
	in      *bufio.Reader
	report  *Report
	tree    Tree
	line    int   // of the export, from 1
	sure    int64 // entries that a checkpoint vouches for
	last    time.Time
}

// row is a line of an export, whichever it is.
type row struct {
	head
	Number *int64          `json:"number"`
	Hash   *Hash           `json:"hash"`
	Entry  json.RawMessage `json:"entry"`
	end
}

func (v *verifier) run() error {
	line, err := v.next()
	if err != nil {
		return err
	}
	var r row
	if line == nil || json.Unmarshal(line, &r) != nil || r.Format != formatExport || !bytes.Equal(line, headLine(r.Origin)) {
		return v.problem(Malformed, -1, -1, "this is no export of an audit log: its first line does not say so")
	}
	v.report.Origin = r.Origin
	for {
		if err := v.agree(); err != nil {
			return err
		}
		line, err := v.next()
		if err != nil {
			return err
		}
		if line == nil {
			if err := v.cut(); err != nil {
				return err
			}
			return v.problem(Truncated, v.tree.Size(), -1, "the export is cut: it ends behind %s, without the checkpoint that closes it", v.sofar())
		}
		var r row
		if json.Unmarshal(line, &r) != nil {
			return v.spoilt()
		}
		if r.Number == nil {
			return v.end(line, r.Checkpoint)
		}
		if err := v.entry(line, &r); err != nil {
			return err
		}
	}
}

// next returns a line with its end, or nil at the end of the export.
func (v *verifier) next() ([]byte, error) {
	line, err := v.in.ReadSlice('\n')
	switch {
	case err == io.EOF && len(line) == 0:
		return nil, nil
	case err == io.EOF:
		v.line++
		return line, nil // whoever compares it will miss its end
	case errors.Is(err, bufio.ErrBufferFull):
		v.line++
		return nil, v.problem(Malformed, v.tree.Size(), v.tree.Size(), "line %d is longer than any entry can be", v.line)
	}
	v.line++
	return line, err
}

func (v *verifier) entry(line []byte, r *row) error {
	n := v.tree.Size()
	if *r.Number != n {
		return v.misplaced(*r.Number)
	}
	if r.Hash == nil || !bytes.Equal(line, entryLine(n, *r.Hash, r.Entry)) {
		return v.spoilt()
	}
	if r.Entry == nil {
		if !v.partial {
			return v.problem(Withheld, n, n, "entry %d is withheld: only its hash is there", n)
		}
		v.report.Withheld++
	} else {
		if tlog.RecordHash(r.Entry) != *r.Hash {
			return v.problem(Changed, n, n, "entry %d was changed: it does not have the hash that stands beside it", n)
		}
		if err := v.time(n, r.Entry); err != nil {
			return err
		}
	}
	v.tree.Grow(*r.Hash)
	return nil
}

// time notes when an entry was made, and where the clock was set back.
func (v *verifier) time(n int64, text []byte) error {
	e, err := Decode(text)
	if err != nil {
		return v.problem(Malformed, n, n, "entry %d is no entry of an audit log", n)
	}
	if v.report.First.IsZero() {
		v.report.First = e.At
	}
	if back := v.last.Sub(e.At); !v.last.IsZero() && back > time.Second {
		if v.report.Back++; v.report.Back == 1 {
			v.report.BackAt = n
		}
		v.report.BackBy = max(v.report.BackBy, back.Milliseconds())
	}
	v.last, v.report.Last = e.At, e.At
	return nil
}

// misplaced says whether the entry that should come next is further down or is
// not there at all.
func (v *verifier) misplaced(number int64) error {
	n, line := v.tree.Size(), v.line
	at := func(p *Problem) error { p.Line = line; return p }
	if number < n {
		return v.problem(Order, number, number, "entry %d stands again, behind entry %d", number, n-1)
	}
	for {
		text, err := v.next()
		if err != nil || text == nil {
			break
		}
		var r row
		if json.Unmarshal(text, &r) == nil && r.Number != nil && *r.Number == n {
			return at(v.problem(Order, n, number, "the order was changed: entry %d stands where entry %d should, which is on line %d", number, n, v.line))
		}
	}
	if number-1 == n {
		return at(v.problem(Missing, n, n, "entry %d is missing: entry %d stands in its place", n, number))
	}
	return at(v.problem(Missing, n, number-1, "entries %d to %d are missing: entry %d stands in their place", n, number-1, number))
}

// agree compares the tree with every outside checkpoint of its size.
func (v *verifier) agree() error {
	for len(v.outside) > 0 && v.outside[0].Size == v.tree.Size() {
		c := v.outside[0]
		if c.Root != v.tree.Root() {
			return v.differs(c.name)
		}
		v.outside = v.outside[1:]
		v.report.Outside = append(v.report.Outside, c.Size)
		v.sure = c.Size
	}
	return nil
}

// differs is the problem of a root that is not what a checkpoint says.
func (v *verifier) differs(name string) error {
	first, last := v.sure, v.tree.Size()-1
	var p *Problem
	switch {
	case last < first:
		p = v.problem(Changed, -1, -1, "checkpoint %s does not agree with another checkpoint of the same size", name)
	case first == last:
		p = v.problem(Changed, first, last, "entry %d is not the one that checkpoint %s was signed over", first, name)
	default:
		p = v.problem(Changed, first, last, "entries %d to %d are not those that checkpoint %s was signed over: one was changed, or moved, or the log is another", first, last, name)
	}
	p.Checkpoint = name
	return p
}

// cut is the problem of an export that ends before an outside checkpoint.
func (v *verifier) cut() error {
	if len(v.outside) == 0 {
		return nil
	}
	c, n := v.outside[0], v.tree.Size()
	p := v.problem(Truncated, n, c.Size-1, "the end is missing: checkpoint %s was signed over %d entries, and the export ends behind %s", c.name, c.Size, v.sofar())
	p.Checkpoint = c.name
	return p
}

// end checks the last line.
func (v *verifier) end(line []byte, signed string) error {
	if signed == "" || !bytes.Equal(line, endLine(signed)) {
		return v.spoilt()
	}
	if err := v.cut(); err != nil {
		return err
	}
	const name = "at the end of the export"
	c, err := ReadCheckpoint([]byte(signed), name, v.keys...)
	if err != nil {
		return err
	}
	n := v.tree.Size()
	switch {
	case c.Origin != v.report.Origin:
		return checkpointProblem(Foreign, name, "it names another log than the first line does")
	case c.Size > n:
		return v.problem(Truncated, n, c.Size-1, "the end is missing: the log had %d entries, and the export ends behind %s", c.Size, v.sofar())
	case c.Size < n:
		return v.problem(Changed, c.Size, n-1, "entries from %d on were added behind the end of the log", c.Size)
	case c.Root != v.tree.Root():
		return v.differs(name)
	}
	if rest, err := v.next(); err != nil || rest != nil {
		if err == nil {
			err = v.problem(Malformed, -1, -1, "something stands behind the checkpoint that closes the export")
		}
		return err
	}
	v.report.Entries, v.report.Root = n, c.Root.String()
	return nil
}

func (v *verifier) spoilt() error {
	n := v.tree.Size()
	return v.problem(Malformed, n, n, "line %d, where entry %d or the closing checkpoint should be, is not as it was written", v.line, n)
}

func (v *verifier) sofar() string {
	if v.tree.Size() == 0 {
		return "its first line"
	}
	return fmt.Sprintf("entry %d", v.tree.Size()-1)
}

func (v *verifier) problem(kind ProblemKind, first, last int64, format string, args ...any) *Problem {
	return &Problem{Kind: kind, First: first, Last: last, Line: v.line, Message: fmt.Sprintf(format, args...)}
}
