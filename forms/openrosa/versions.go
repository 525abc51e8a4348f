package openrosa

import (
	"bytes"
	"compress/gzip"
	"container/list"
	"context"
	"sync"

	"waymark/forms/xform"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
)

// keptVersions is how many versions are kept read, at most: a few rounds' forms.
// The largest real ones take some 20 MB each.
const keptVersions = 24

// readVersion is a published version, which does not change any more.
type readVersion struct {
	id, of ids.ID // the version, and its form
	hash   string
	// form is nil if our reader cannot read it; then no names of files are known.
	form *xform.Form

	once   sync.Once
	source []byte
	packed []byte
}

// gzip is the XForm compressed, made when it is first asked for.
func (v *readVersion) gzip() []byte {
	v.once.Do(func() {
		var b bytes.Buffer
		w, _ := gzip.NewWriterLevel(&b, gzip.DefaultCompression)
		_, _ = w.Write(v.source)
		_ = w.Close()
		v.packed = b.Bytes()
	})
	return v.packed
}

// versions keeps the versions that were used last. Only published ones come in:
// they never change, so that nothing here can be out of date. Whether a form or
// round is open is always read anew.
type versions struct {
	mu    sync.Mutex
	limit int
	order *list.List // of *kept, last used first
	names map[versionName]*list.Element
	ids   map[ids.ID]*list.Element
}

type versionName struct {
	form ids.ID
	name string
}

type kept struct {
	name versionName
	read *readVersion
}

func newVersions(limit int) *versions {
	return &versions{limit: limit, order: list.New(), names: map[versionName]*list.Element{}, ids: map[ids.ID]*list.Element{}}
}

func (c *versions) byName(form ids.ID, name string) *readVersion {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.use(c.names[versionName{form, name}])
}

func (c *versions) byID(id ids.ID) *readVersion {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.use(c.ids[id])
}

func (c *versions) use(e *list.Element) *readVersion {
	if e == nil {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*kept).read
}

func (c *versions) keep(v *collection.Version, r *readVersion) *readVersion {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.ids[v.ID]; e != nil { // another request was faster
		return c.use(e)
	}
	e := c.order.PushFront(&kept{versionName{v.Form, v.Version}, r})
	c.ids[v.ID], c.names[versionName{v.Form, v.Version}] = e, e
	for c.order.Len() > c.limit {
		last := c.order.Back()
		k := c.order.Remove(last).(*kept)
		delete(c.names, k.name)
		delete(c.ids, k.read.id)
	}
	return r
}

// version reads a version of a form by its name, as submissions give it: a
// published one, or the draft that is being tested. It is nil if there is none.
func (d *door) version(ctx context.Context, c *caller, f *collection.Form, name string) (*readVersion, error) {
	if c.draft != nil {
		v, err := d.draftVersion(ctx, f)
		if v == nil || err != nil || v.Version != name {
			return nil, err
		}
		return d.parse(v), nil
	}
	if r := d.versions.byName(f.ID, name); r != nil {
		return r, nil
	}
	return d.load(f.ID.String()+" "+name, func() (*collection.Version, error) {
		return d.Store.VersionByName(context.WithoutCancel(ctx), f.ID, name)
	})
}

// published reads a version of a form by its ID; nil if it is not the form's or
// was never published.
func (d *door) published(ctx context.Context, f *collection.Form, id ids.ID) (*readVersion, error) {
	r := d.versions.byID(id)
	if r == nil {
		var err error
		if r, err = d.load(id.String(), func() (*collection.Version, error) {
			return d.Store.Version(context.WithoutCancel(ctx), id)
		}); err != nil {
			return nil, err
		}
	}
	if r == nil || r.of != f.ID {
		return nil, nil
	}
	return r, nil
}

// load reads and keeps a version, once for all who ask for it at the same time.
func (d *door) load(key string, read func() (*collection.Version, error)) (*readVersion, error) {
	r, err, _ := d.loading.Do(key, func() (any, error) {
		v, err := read()
		switch {
		case notFound(err), err == nil && v.Published.IsZero():
			return (*readVersion)(nil), nil
		case err != nil:
			return (*readVersion)(nil), err
		}
		return d.versions.keep(v, d.parse(v)), nil
	})
	return r.(*readVersion), err
}

func (d *door) draftVersion(ctx context.Context, f *collection.Form) (*collection.Version, error) {
	if f.Draft == 0 {
		return nil, nil
	}
	v, err := d.Store.Version(ctx, f.Draft)
	if notFound(err) {
		return nil, nil
	}
	return v, err
}

// parse reads the XForm. One that cannot be read, which publishing should have
// refused, does not keep interviews out.
func (d *door) parse(v *collection.Version) *readVersion {
	r := &readVersion{id: v.ID, of: v.Form, hash: v.Hash, source: v.XForm}
	form, err := xform.Parse(v.XForm)
	if err != nil {
		d.Log.Error("a version of a form cannot be read", "version", v.ID, "err", err)
		return r
	}
	r.form = form
	return r
}
