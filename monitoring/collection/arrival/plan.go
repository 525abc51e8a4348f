package arrival

import (
	"context"
	"io"
	"path"
	"slices"
	"strings"

	"waymark/forms/record"
	"waymark/forms/xform"
	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/monitoring/instrument"
	"waymark/monitoring/quality"
	"waymark/stats/table"
)

// maxPlans bounds the versions that are kept ready. A plan of a large form takes
// some megabytes.
const maxPlans = 48

// maxLists bounds the bytes of lists that are kept for one version.
const maxLists = 64 << 20

// planKey names a version under an instrument. The hash tells a draft that was
// replaced from the one before.
type planKey struct {
	version    ids.ID
	hash       string
	instrument string
}

// planned is a plan that is being made or was made.
type planned struct {
	ready chan struct{}
	plan  *plan
	err   error
	used  int64
}

// plan is all that is worked out once for a version.
type plan struct {
	form   *xform.Form
	layout *record.Layout
	files  map[string]*xform.File
	sheet  *sheet
	places facets
}

// plan returns the plan of a submission's version, made at its first use.
func (c *Checker) plan(ctx context.Context, s *Subject) (*plan, error) {
	key := planKey{s.Version.ID, s.Version.Hash, s.Round.Instrument}
	c.mu.Lock()
	c.used++
	p := c.plans[key]
	if p != nil {
		p.used = c.used
		c.mu.Unlock()
		select {
		case <-p.ready:
			return p.plan, p.err
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	p = &planned{ready: make(chan struct{}), used: c.used}
	c.plans[key] = p
	c.forget()
	c.mu.Unlock()
	made := false
	defer func() {
		c.mu.Lock()
		if !made || p.err != nil { // it may go better the next time
			delete(c.plans, key)
			if p.err == nil {
				p.err = fault.New(fault.Internal, fault.Place{}, "the form could not be prepared", "")
			}
		}
		c.mu.Unlock()
		close(p.ready)
	}()
	p.plan, p.err = c.makePlan(ctx, s)
	made = true
	return p.plan, p.err
}

// forget drops the plan that was not used for the longest time.
func (c *Checker) forget() {
	if len(c.plans) <= maxPlans {
		return
	}
	var oldest planKey
	least := int64(-1)
	for key, p := range c.plans {
		if least < 0 || p.used < least {
			oldest, least = key, p.used
		}
	}
	delete(c.plans, oldest)
}

func (c *Checker) makePlan(ctx context.Context, s *Subject) (*plan, error) {
	form, err := xform.Parse(s.Version.XForm)
	if err != nil {
		return nil, err
	}
	p := &plan{form: form, layout: record.Of(form)}
	if p.files, err = c.lists(ctx, s.Round.ID, s.Version.Files); err != nil {
		return nil, err
	}
	var inst *instrument.Instrument
	if s.Round.Instrument != "" {
		if inst, err = c.opt.Instrument(s.Round.Instrument); err != nil {
			c.opt.Log.Warn("the round's instrument cannot be read; its rules are not checked", "round", s.Round.ID, "instrument", s.Round.Instrument)
			inst = nil
		}
	}
	if p.sheet, err = newSheet(p.layout.Tables[0], inst, c.opt.Thresholds); err != nil {
		return nil, err
	}
	p.places = p.sheet.facets(p.layout.Tables[0])
	return p, nil
}

// lists reads the files that the form looks up in.
func (c *Checker) lists(ctx context.Context, round ids.ID, files []collection.FormFile) (map[string]*xform.File, error) {
	lists := map[string]*xform.File{}
	total := int64(0)
	for _, f := range files {
		switch strings.ToLower(path.Ext(f.Name)) {
		case ".csv", ".xml", ".geojson", ".json":
		default:
			continue
		}
		if total += f.Size; f.Address == "" || c.opt.Files == nil || total > maxLists {
			continue
		}
		content, err := c.content(ctx, round, f.Address)
		if err != nil {
			return nil, err
		}
		list, err := xform.ReadFile(f.Name, content)
		if err != nil {
			continue // checked when it was uploaded; what reads it is not judged
		}
		lists[f.Name] = list
	}
	return lists, nil
}

func (c *Checker) content(ctx context.Context, round ids.ID, address string) ([]byte, error) {
	r, err := c.opt.Files.OpenFile(ctx, round, address)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(io.LimitReader(r, xform.MaxBytes+1))
	if closed := r.Close(); err == nil {
		err = closed
	}
	return content, err
}

// The columns that a server adds, as package instrument reads them.
const (
	uuidColumn      = "_uuid"
	submittedColumn = "_submission_time"
)

// sheet types the rows of a table as `waymark check` types an export's.
type sheet struct {
	names    []string
	inst     *instrument.Instrument
	own      bool // the instrument was made from the form, for want of another
	binding  *instrument.Binding
	typist   *table.Typist
	likeness *quality.Likeness
}

// newSheet prepares the columns of the form's own table. inst is nil, or the
// round's; where none of its questions is in the form it is no use.
func newSheet(t *record.Table, inst *instrument.Instrument, thresholds map[string]float64) (*sheet, error) {
	s := &sheet{names: append(t.Names(false, uuidColumn, submittedColumn), uuidColumn, submittedColumn)}
	var schema *table.Schema
	if inst != nil {
		if b, err := inst.Bind(table.Header{Names: s.names}); err == nil {
			s.inst, s.binding, schema = inst, b, b.Schema
		}
	}
	if schema == nil {
		s.inst, schema = questionnaire(t, s.names)
		s.own = true
	}
	var err error
	if s.typist, err = table.NewTypist(s.names, schema); err != nil {
		return nil, err
	}
	s.likeness, err = quality.NewLikeness(s.inst, thresholds)
	return s, err
}

// column is the place of the column that plays a role, or -1.
func (s *sheet) column(role instrument.Role) int {
	name := s.inst.Roles[role]
	if name == "" {
		return -1
	}
	if s.binding != nil {
		headers := s.binding.Columns[name]
		if len(headers) != 1 { // none, or one that is split
			return -1
		}
		name = headers[0]
	}
	return slices.Index(s.names[:len(s.names)-2], name)
}
