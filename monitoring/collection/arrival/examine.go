package arrival

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"waymark/forms/record"
	"waymark/forms/xform"
	"waymark/internal/fault"
	"waymark/monitoring/collection"
	"waymark/monitoring/quality"
	"waymark/stats/table"
)

// examination is one submission being looked at.
type examination struct {
	*Checker
	s *Subject
	*examined
	plan     *plan
	document []byte
	names    []string // of the files that are there
}

// opened opens an encrypted submission and reports whether there is a document
// to look at.
func (x *examination) opened(ctx context.Context) bool {
	for _, f := range x.s.Unchecked.Files {
		if f.Address != "" {
			x.names = append(x.names, f.Name)
		}
	}
	if !encrypted(x.document) {
		return true
	}
	unreadable := func(why, remedy string) bool {
		x.Unreadable = true
		x.say(collection.Finding{Rule: "arrival.encrypted", Severity: collection.SeverityError, Message: why, Remedy: remedy})
		return false
	}
	switch {
	case x.s.Version.PrivateKey == nil:
		return unreadable("The submission is encrypted to a key that this server does not hold", "Decrypt it with the key's owner, or let this server manage the form's key.")
	case x.opt.Open == nil || x.opt.Files == nil:
		return unreadable("This server does not open encrypted submissions", "Turn on the opening of encrypted submissions.")
	}
	addresses := map[string]string{}
	for _, f := range x.s.Unchecked.Files {
		addresses[f.Name] = f.Address
	}
	var kept []collection.Attachment
	round := x.s.Round.ID
	plain, err := x.opt.Open(x.s.Version.PrivateKey, x.document, func(name string) (io.ReadCloser, error) {
		if addresses[name] == "" {
			return nil, fault.New(fault.NotFound, fault.Place{}, "a file of the submission has not arrived", "")
		}
		return x.opt.Files.OpenFile(ctx, round, addresses[name])
	}, func(name string, size int64, content io.Reader) error {
		if !plainName(name) {
			return fault.New(fault.Invalid, fault.Place{}, "a file of the submission has no name of its own", "")
		}
		head := bufio.NewReader(content)
		first, err := head.Peek(4096)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		kind := collection.MediaType(first)
		address, stored, _, err := x.opt.Files.PutFile(ctx, round, head, maxMedium)
		kept = append(kept, collection.Attachment{Submission: x.Submission, Name: name, Type: kind, Size: stored, Address: address, At: x.s.Unchecked.Submission.Received})
		return err
	})
	if err != nil {
		return unreadable("The encrypted submission cannot be opened", remedyOf(err))
	}
	x.Opened, x.Checked.Files, x.document = plain, kept, plain
	for _, f := range kept {
		x.names = append(x.names, f.Name)
	}
	return true
}

// plainName tells whether a file inside a submission may have a name: the phone
// wrote it, and nobody has looked at it yet.
func plainName(name string) bool {
	return name != "" && name != "." && name != ".." && len(name) <= 255 && utf8.ValidString(name) &&
		!strings.ContainsFunc(name, func(r rune) bool { return r == '/' || r == '\\' || unicode.IsControl(r) })
}

// maxMedium bounds one file of an encrypted submission, in bytes.
const maxMedium = 512 << 20

// remedyOf says what may help, without anything that the error holds.
func remedyOf(err error) string {
	switch fault.KindOf(err) {
	case fault.NotFound:
		return "A file of it has not arrived: let the phone send again."
	case fault.Invalid:
		return "It was damaged, or encrypted to another key: let the phone send again, or fill it in anew."
	}
	return "Look at the server's log, and check it again."
}

// encrypted tells a manifest from a document: its root says so. Source: ODK
// XForms specification, "Encryption".
func encrypted(document []byte) bool {
	head := document[:min(len(document), 4096)]
	at := 0
	for { // the root's open tag, after declarations and comments
		i := bytes.IndexByte(head[at:], '<')
		if i < 0 {
			return false
		}
		at += i
		switch rest := head[at:]; {
		case bytes.HasPrefix(rest, []byte("<!--")):
			end := bytes.Index(rest, []byte("-->"))
			if end < 0 {
				return false
			}
			at += end
		case bytes.HasPrefix(rest, []byte("<?")), bytes.HasPrefix(rest, []byte("<!")):
			at++
		default:
			end := bytes.IndexByte(rest, '>')
			if end < 0 {
				end = len(rest)
			}
			tag := bytes.Join(bytes.Fields(rest[:end]), nil)
			return bytes.Contains(tag, []byte(`encrypted="yes"`)) || bytes.Contains(tag, []byte(`encrypted='yes'`))
		}
	}
}

// rules checks what the form itself demands.
func (x *examination) rules() {
	sent := x.s.Unchecked.Submission.Received
	report, err := x.plan.form.Check(x.document, xform.CheckOptions{Language: x.opt.Language, Now: func() time.Time { return sent },
		Files: x.plan.files, Attachments: x.present()})
	if err != nil {
		x.say(collection.Finding{Rule: "form.unreadable", Severity: collection.SeverityError,
			Message: "The document of answers is damaged and cannot be read", Remedy: "Let the phone send it again, or fill it in anew."})
		return
	}
	if x.Opened != nil {
		x.Names = report.Files
	}
	for _, p := range report.Problems {
		x.say(problem(p))
	}
	if report.Dropped > 0 {
		x.say(collection.Finding{Rule: "form.more", Severity: collection.SeverityNote, Message: "The form's rules are broken in more places than are listed", Remedy: "Mend what is listed, and it is checked again."})
	}
}

// present are the names of the files that are there, never nil: a missing file
// is a finding.
func (x *examination) present() []string {
	if x.names == nil {
		return []string{}
	}
	return x.names
}

// answers reads the document as a row: facets, single interviews' rules, marks.
func (x *examination) answers() {
	r, err := x.plan.layout.Read(x.document)
	if err != nil {
		return // rules has said so
	}
	x.beside(r)
	f, cells := x.plan.places, r.Rows[0][0].Cells
	if day := f.day(cells); day != "" {
		x.Day = day
	}
	var point *collection.Point
	x.Point, point = f.pointOf(cells, x.s.Points)
	x.Route = f.routeOf(cells, x.s.Round.Routes, point)
	x.setting(cells, point)
	row, err := x.plan.sheet.row(r, cells, x.s.Unchecked.Submission.Received)
	if err != nil {
		x.opt.Log.Error("a submission could not be typed", "submission", x.Submission, "kind", fault.KindOf(err).String())
		return
	}
	x.quality(row)
	if x.opt.Token == nil || x.s.Draft {
		return
	}
	if x.portrait = x.plan.sheet.likeness.Of(row, 0); x.portrait != nil {
		x.mark()
	}
}

// beside notices a correction that was not taken as one: those that were are a
// later revision of what they correct. The other's instanceID is among the
// answers, for those who may see it.
func (x *examination) beside(r *record.Record) {
	if r.Deprecated == "" || x.Revision != 1 {
		return
	}
	f := collection.Finding{Rule: "arrival.correction", Severity: collection.SeverityError,
		Message: "It says that it corrects another submission, which another person sent; that one was left as it is",
		Remedy:  "Find the other by its deprecatedID, ask both people which answers hold, and reject the other submission."}
	if x.Opened != nil {
		f.Message = "It says that it corrects another submission; it came encrypted, so that one was left as it is"
		f.Remedy = "Find the other by its deprecatedID, compare the two, and reject the one that does not hold."
	}
	x.say(f)
}

// row types one interview, with what the server adds.
func (s *sheet) row(r *record.Record, cells []string, received time.Time) (*table.Table, error) {
	return s.typist.Row(s.cells(nil, r, cells, received))
}

// cells adds the server's columns to a row.
func (s *sheet) cells(dst []string, r *record.Record, cells []string, received time.Time) []string {
	dst = append(dst, cells...)
	return append(dst, strings.TrimPrefix(r.InstanceID, "uuid:"), received.UTC().Format(time.RFC3339))
}

// quality runs the rules of waymark check that judge one interview.
func (x *examination) quality(row *table.Table) {
	report, err := quality.Check(context.Background(), &quality.Input{Table: row, Instrument: x.plan.sheet.inst, Binding: x.plan.sheet.binding,
		Options: quality.Options{Thresholds: x.opt.Thresholds, Scope: quality.EachInterview, Workers: 1, MaxRows: 1}})
	if err != nil {
		x.opt.Log.Error("the rules of waymark check did not run", "submission", x.Submission, "kind", fault.KindOf(err).String())
		return
	}
	for _, f := range report.Findings {
		x.say(collection.Finding{Rule: "quality." + f.Rule, Severity: collection.Severity(f.Severity), Question: f.Subject, Message: alone(f.Message), Remedy: f.Remedy})
	}
}

// alone words a finding that counts interviews for a page that shows one.
func alone(message string) string {
	for _, p := range [][2]string{{"1 interview ", "The interview "}, {"In 1 interview ", "In the interview "}, {"1 answer ", "The answer "}, {"1 person ", "A person "}} {
		if rest, ok := strings.CutPrefix(message, p[0]); ok {
			return p[1] + rest
		}
	}
	return message
}

// mark digests the groups of answers that near-duplicates share.
func (x *examination) mark() {
	for _, hand := range x.portrait.Hands() {
		token, err := x.opt.Token(x.s.Round.ID, hand)
		if err != nil || len(token) < 8 {
			x.opt.Log.Error("a digest could not be made; near-duplicates are not looked for", "submission", x.Submission)
			x.Marks, x.portrait = nil, nil
			return
		}
		x.Marks = append(x.Marks, int64(binary.BigEndian.Uint64(token)))
	}
}
