package review

import (
	"context"
	"io"
	"path"
	"slices"
	"strings"
	"sync"

	"waymark/forms/xform"
	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/monitoring/collection/record"
	"waymark/monitoring/instrument"
	"waymark/web/page"
)

// readers keeps the readers of published versions, which never change. Drafts are
// read anew each time.
type readers struct {
	house       *page.House
	mu          sync.Mutex
	kept        map[readerKey]*record.Reader
	order       []readerKey // oldest first
	instruments map[string]*instrument.Instrument
}

type readerKey struct {
	version    ids.ID
	instrument string
}

// maxReaders is how many versions are kept ready; maxFormFile is the largest file
// of a form that answers are looked up in, in bytes.
const (
	maxReaders  = 16
	maxFormFile = 64 << 20
)

func newReaders(h *page.House) *readers {
	return &readers{house: h, kept: map[readerKey]*record.Reader{}, instruments: map[string]*instrument.Instrument{}}
}

// of returns the reader of a version in a round.
func (rs *readers) of(ctx context.Context, round *collection.Round, version ids.ID) (*record.Reader, error) {
	key := readerKey{version, round.Instrument}
	rs.mu.Lock()
	known := rs.kept[key]
	rs.mu.Unlock()
	if known != nil {
		return known, nil
	}
	v, err := rs.house.Collection.Version(ctx, version)
	if err != nil {
		return nil, err
	}
	f, err := xform.Parse(v.XForm)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, fault.Place{}, "the form of these answers cannot be read", "publish a corrected version of the form", err)
	}
	lists := map[string]*xform.File{}
	for _, file := range v.Files {
		if list, err := rs.list(ctx, round.ID, file); err != nil {
			return nil, err
		} else if list != nil {
			lists[file.Name] = list
		}
	}
	reader := record.NewReader(f, rs.instrument(round.Instrument), lists)
	if v.Published.IsZero() {
		return reader, nil
	}
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.kept[key] == nil {
		if len(rs.order) >= maxReaders {
			delete(rs.kept, rs.order[0])
			rs.order = rs.order[1:]
		}
		rs.order = append(rs.order, key)
	}
	rs.kept[key] = reader
	return reader, nil
}

// list reads a file of the form that choices come from; nil for pictures, and for
// what is missing or broken: codes are then shown without labels.
func (rs *readers) list(ctx context.Context, round ids.ID, file collection.FormFile) (*xform.File, error) {
	switch strings.ToLower(path.Ext(file.Name)) {
	case ".csv", ".xml", ".geojson":
	default:
		return nil, nil
	}
	if file.Address == "" || file.Size > maxFormFile {
		return nil, nil
	}
	in, err := rs.house.Collection.OpenFile(ctx, round, file.Address)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	data, err := io.ReadAll(io.LimitReader(in, maxFormFile))
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, fault.Place{}, "a file of the form cannot be read", "", err)
	}
	list, err := xform.ReadFile(file.Name, data)
	if err != nil {
		return nil, nil
	}
	return list, nil
}

// instrument returns a built-in instrument, or nil. A name from the database never
// becomes a path.
func (rs *readers) instrument(id string) *instrument.Instrument {
	if !slices.Contains(instrument.Builtin(), id) {
		return nil
	}
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.instruments[id] == nil {
		in, err := instrument.Load(id)
		if err != nil {
			rs.house.Log.Error("instrument", "id", id, "error", err.Error())
			return nil
		}
		rs.instruments[id] = in
	}
	return rs.instruments[id]
}
