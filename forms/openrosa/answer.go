package openrosa

import (
	"errors"
	"net/http"
	"strconv"

	"waymark/internal/fault"
)

// refusal is an answer other than success. cause is for the log.
type refusal struct {
	status int
	say    message
	cause  error
}

func refuse(status int, say message) *refusal { return &refusal{status: status, say: say} }

// because is refuse with the cause.
func because(status int, say message, cause error) *refusal {
	return &refusal{status: status, say: say, cause: cause}
}

// retryAfter is how many seconds a phone should wait when the store is not there.
const retryAfter = 30

// failed is the refusal for an error of the store that is nothing of the phone's.
func (d *door) failed(err error) *refusal {
	if fault.KindOf(err) == fault.Unavailable {
		return because(http.StatusServiceUnavailable, sayUnavailable, err)
	}
	return because(http.StatusInternalServerError, sayInternal, err)
}

// refuse answers with a message that Collect shows to the enumerator.
func (d *door) refuse(w *recorder, r *http.Request, route string, no *refusal) {
	if no.cause != nil && no.status >= http.StatusInternalServerError && r.Context().Err() == nil {
		d.Log.Error("a phone could not be served", "route", route, "status", no.status, "err", no.cause)
	}
	if w.status != 0 { // the answer had begun
		return
	}
	switch no.status {
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
	case http.StatusTooManyRequests:
		w.Header().Set("Retry-After", "60")
	}
	d.say(w, r, no.status, no.say)
}

// say sends a message, in the language that the phone asked for.
func (d *door) say(w *recorder, r *http.Request, status int, m message) {
	body := d.words.body(r.Header.Get("Accept-Language"), m)
	h := w.Header()
	h["Content-Type"] = xmlType
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}

// sayOf is the refusal that an error of Arrive stands for.
func (d *door) sayOf(err error, replaces bool) *refusal {
	switch fault.KindOf(err) {
	case fault.Conflict:
		if replaces {
			return because(http.StatusConflict, sayReplacedBefore, err)
		}
		return because(http.StatusConflict, sayOther, err)
	case fault.NotFound:
		if replaces {
			return because(http.StatusNotFound, sayReplacesNothing, err)
		}
		return because(http.StatusNotFound, sayNoForm, err)
	case fault.Denied:
		return because(http.StatusForbidden, sayDenied, err)
	case fault.Invalid:
		return because(http.StatusBadRequest, sayBadXML, err)
	}
	return d.failed(err)
}

// notFound tells whether an error of the store says that there is no such thing.
func notFound(err error) bool {
	var f *fault.Fault
	return errors.As(err, &f) && f.Kind == fault.NotFound
}
