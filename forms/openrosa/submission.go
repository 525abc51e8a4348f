package openrosa

import (
	"context"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"waymark/forms/openrosa/sealed"
	"waymark/forms/xform"
	"waymark/monitoring/collection"
)

// storing is how long the store may take for one submission.
const storing = 30 * time.Second

// submission takes an interview, or a part of one. HEAD asks whether it would.
// Source: OpenRosa Form Submission specification; Collect takes 201 and 202 for
// success and everything else, 200 too, for failure.
func (d *door) submission(w http.ResponseWriter, r *http.Request, c *caller) *refusal {
	if r.Method == http.MethodHead {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	boundary, no := d.acceptable(r)
	if no != nil {
		w.Header().Set("Connection", "close") // the body is not read
		return no
	}
	select {
	case d.posts <- struct{}{}:
		defer func() { <-d.posts }()
	default:
		return refuse(http.StatusServiceUnavailable, sayBusy)
	}
	p := &post{door: d, caller: c, ctx: r.Context(), body: d.body(w, r, boundary)}
	if no := p.read(boundary, sizeHint(r)); no != nil {
		p.body.drain()
		return no
	}
	arrived, no := p.arrive()
	if no != nil {
		return no
	}
	if d.Arrived != nil && c.draft == nil {
		d.Arrived(c.round.ID, arrived.Submission)
	}
	rw := w.(*recorder)
	if arrived.Complete {
		d.say(rw, r, http.StatusCreated, sayReceived)
	} else {
		d.say(rw, r, http.StatusAccepted, sayWaiting)
	}
	return nil
}

// acceptable looks at what can be known before the body is read.
func (d *door) acceptable(r *http.Request) (boundary string, no *refusal) {
	if r.ContentLength > d.Limits.Post {
		return "", refuse(http.StatusRequestEntityTooLarge, sayPostTooLarge)
	}
	if enc := r.Header.Get("Content-Encoding"); enc != "" && !strings.EqualFold(enc, "identity") {
		return "", refuse(http.StatusUnsupportedMediaType, sayCompressed)
	}
	t, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	boundary = params["boundary"]
	if err != nil || t != "multipart/form-data" || boundary == "" || len(boundary) > maxBoundary {
		return "", refuse(http.StatusUnsupportedMediaType, sayNoMultipart)
	}
	return boundary, nil
}

// maxBoundary is the longest boundary. Source: RFC 2046, §5.1.1.
const maxBoundary = 70

// sizeHint is how much room the document gets at first.
func sizeHint(r *http.Request) int {
	return int(min(max(r.ContentLength, 4<<10), 64<<10))
}

// target is where a submission goes.
type target struct {
	form    *collection.Form
	version *readVersion
}

// understand reads the document that came, and finds out where it goes and which
// files it names. It is done as soon as the document is there, so that a phone is
// told before it sends its pictures.
func (p *post) understand() *refusal {
	env, err := xform.ReadEnvelope(p.xml)
	if err != nil {
		return because(http.StatusBadRequest, sayBadXML, err)
	}
	p.envelope = env
	if !goodID(env.InstanceID) || env.DeprecatedID != "" && !goodID(env.DeprecatedID) || env.InstanceID == env.DeprecatedID {
		return refuse(http.StatusBadRequest, sayNoInstance)
	}
	if no := p.find(); no != nil {
		return no
	}
	if env.Encrypted {
		m, err := sealed.ReadManifest(p.xml)
		if err != nil {
			return because(http.StatusBadRequest, sayBadXML, err)
		}
		p.names = m.Names()
	} else if p.to.version.form != nil {
		if p.names, err = env.Files(p.to.version.form, p.door.Limits.Names); err != nil {
			return because(http.StatusBadRequest, sayTooMany, err)
		}
	}
	if len(p.names) > p.door.Limits.Names {
		return refuse(http.StatusBadRequest, sayTooMany)
	}
	// An answer that is no name of a file is left for the check of answers.
	p.names = slices.DeleteFunc(p.names, func(name string) bool { return !goodName(name) })
	return nil
}

// maxID is the longest instanceID, in bytes: "uuid:" and a UUID are 41.
const maxID = 250

func goodID(id string) bool {
	return id != "" && len(id) <= maxID && utf8.ValidString(id) && !strings.ContainsFunc(id, unseen)
}

// find finds the form and version, and sees to it that they take interviews.
func (p *post) find() *refusal {
	c, d := p.caller, p.door
	if no := takes(c); no != nil {
		return no
	}
	f := c.draft
	if f == nil {
		var err error
		if f, err = d.Store.FormByFormID(p.ctx, c.round.ID, p.envelope.ID); notFound(err) {
			return refuse(http.StatusNotFound, sayNoForm)
		} else if err != nil {
			return d.failed(err)
		}
		switch f.State {
		case collection.FormOpen, collection.FormClosing:
		case collection.FormClosed:
			return refuse(http.StatusConflict, sayFormClosed)
		default:
			return refuse(http.StatusNotFound, sayNoForm)
		}
	} else if f.FormID != p.envelope.ID {
		return refuse(http.StatusNotFound, sayNoForm)
	}
	v, err := d.version(p.ctx, c, f, p.envelope.Version)
	switch {
	case err != nil:
		return d.failed(err)
	case v == nil:
		return refuse(http.StatusNotFound, sayNoVersion)
	}
	p.to = target{form: f, version: v}
	return nil
}

// takes sees to it that the round takes interviews. A draft can be tested before
// the round is open.
func takes(c *caller) *refusal {
	switch c.round.State {
	case collection.Open:
		return nil
	case collection.Preparing:
		if c.draft != nil {
			return nil
		}
		return refuse(http.StatusConflict, sayRoundPreparing)
	}
	return refuse(http.StatusConflict, sayRoundClosed)
}

// arrive hands over what came. The phone's line may be gone by now: what has
// arrived whole is stored all the same, and sending it again adds nothing.
func (p *post) arrive() (*collection.Arrived, *refusal) {
	files, no := p.named()
	if no != nil {
		return nil, no
	}
	d, c := p.door, p.caller
	now := d.Now()
	a := &collection.Arrival{
		Form: p.to.form.ID, Version: p.to.version.id, Round: c.round.ID, Draft: c.draft != nil,
		InstanceID: p.envelope.InstanceID, Deprecated: p.envelope.DeprecatedID,
		XML: p.xml, Encrypted: p.envelope.Encrypted, At: now,
		Day: now.In(d.Zone).Format(time.DateOnly), Names: p.names, Files: files,
	}
	if c.enumerator != nil {
		a.Enumerator = c.enumerator.ID
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(p.ctx), storing)
	defer cancel()
	arrived, err := d.Store.Arrive(ctx, c.by, a)
	if err == nil {
		return arrived, nil
	}
	if ctx.Err() != nil {
		return nil, because(http.StatusServiceUnavailable, sayUnavailable, err)
	}
	return nil, d.sayOf(err, a.Deprecated != "")
}
