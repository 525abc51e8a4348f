package retention

import (
	"encoding/json"
	"strings"
	"time"

	"waymark/monitoring/collection"
	"waymark/web/page"
)

// facts are what the page reads of a proof, which the store writes as JSON.
type facts struct {
	Submissions int            `json:"submissions"`
	Revisions   int            `json:"revisions"`
	Files       int            `json:"files"`
	States      map[string]int `json:"states"`
	Key         string         `json:"key"`
	Entry       int64          `json:"entry"`
	Begun, Done time.Time
}

// proofOf finds the proof of a deletion that is done.
func proofOf(r *page.Request) (*collection.Deletion, error) {
	d, err := find(r)
	if err != nil {
		return nil, err
	}
	if d.Stage() != collection.DeletionDone || len(d.Proof) == 0 {
		return nil, page.NotFound()
	}
	return d, nil
}

// proof shows what can be shown after a deletion.
func proof(r *page.Request) error {
	d, err := proofOf(r)
	if err != nil {
		return err
	}
	var f facts
	if err := json.Unmarshal(d.Proof, &f); err != nil {
		return err
	}
	names, err := people(r)
	if err != nil {
		return err
	}
	w := r.Words()
	var s page.Summary
	row := func(key, text string) {
		s.Rows = append(s.Rows, page.SummaryRow{Key: r.Text(key), Value: page.Cell{Text: text}})
	}
	row("retention.proof.submissions", w.Whole(f.Submissions))
	for _, state := range collection.States {
		if n := f.States[string(state)]; n > 0 {
			row("retention.proof.state."+string(state), w.Whole(n))
		}
	}
	row("retention.proof.revisions", w.Whole(f.Revisions))
	row("retention.proof.files", w.Whole(f.Files))
	row("retention.proposed", w.Join(w.Moment(d.Proposed), or(names[d.Proposer], "–")))
	row("retention.decided", w.Join(w.Moment(d.Decided), or(names[d.Approver], "–")))
	row("retention.done", w.Moment(d.Done))
	row("retention.proof.key", or(f.Key, "–"))
	row("retention.proof.entry", w.Whole(int(f.Entry)))
	r.Crumb(r.Text("retention.nav"), roundPath(r.Round.ID))
	return r.Render(200, "retention/proof", struct {
		Round  *collection.Round
		Facts  page.Summary
		Reason []string
		File   string
	}{r.Round, s, strings.Split(d.Reason, "\n"), pathOf(d) + "/proof.json"})
}

// proofFile is the proof as the store wrote it, to keep outside.
func proofFile(r *page.Request) error {
	d, err := proofOf(r)
	if err != nil {
		return err
	}
	_, _ = r.Download("deletion-"+d.ID.String()+".json", "application/json", int64(len(d.Proof))).Write(d.Proof) // the browser may have gone
	return nil
}
