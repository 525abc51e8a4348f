package page

import (
	"context"
	"errors"
	"net/http"

	"waymark/internal/fault"
	"waymark/trust/access"
	"waymark/trust/vault"
)

var (
	// errHidden is one page for what is not there and for what one may not see.
	errHidden      = errors.New("hidden")
	errCrossOrigin = errors.New("cross-origin")
)

// status is the one map from kinds of fault to answers.
var status = map[fault.Kind]int{
	fault.Internal:    http.StatusInternalServerError,
	fault.Invalid:     http.StatusUnprocessableEntity,
	fault.NotFound:    http.StatusNotFound,
	fault.Conflict:    http.StatusConflict,
	fault.Denied:      http.StatusForbidden,
	fault.Unavailable: http.StatusServiceUnavailable,
	fault.Usage:       http.StatusBadRequest,
}

// failure is what the error page shows.
type failure struct {
	// Key is of the page's words: page.error.KEY.title and .text.
	Key string
	// Faults are sentences of the program, in English.
	Faults []*fault.Fault
	// Reference joins what the person sees with the log.
	Reference string
}

// fail shows an error as a page. Handlers return errors rather than call it.
func (s *site) fail(r *Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // the browser has gone
	}
	code, f := http.StatusInternalServerError, failure{}
	var big *http.MaxBytesError
	switch {
	case errors.Is(err, errHidden):
		code, f.Key = http.StatusNotFound, "hidden"
		// What is hidden looks like what is not there: it names no place.
		r.Safe, r.Programme, r.Round, r.Crumbs, r.Resource = nil, nil, nil, nil, access.Resource{}
	case errors.Is(err, errCrossOrigin):
		code, f.Key = http.StatusForbidden, "cross-origin"
	case errors.As(err, &big):
		code, f.Key = http.StatusRequestEntityTooLarge, "large"
	case errors.Is(err, vault.ErrNoKey):
		// What to do is said by the page: trying again does not help.
		code, f.Key = http.StatusServiceUnavailable, "keyless"
	default:
		kind := fault.KindOf(err)
		code, f.Key = status[kind], kind.String()
		switch kind {
		case fault.NotFound:
			f.Key = "hidden"
		case fault.Internal:
			f.Reference = traceOf(r.Request).id
			s.house.Log.Error("internal error", "reference", f.Reference, "pattern", traceOf(r.Request).pattern, "error", err.Error())
		default:
			f.Faults = faultsOf(err)
		}
	}
	if traceOf(r.Request).started() {
		return // the answer has begun; the log has the error
	}
	if err := r.Render(code, "page/error", f); err != nil {
		s.house.Log.Error("error page", "reference", traceOf(r.Request).id, "error", err.Error())
		http.Error(r.W, "Internal error", http.StatusInternalServerError)
	}
}

// faultsOf lists the faults in an error.
func faultsOf(err error) []*fault.Fault {
	var list *fault.List
	if errors.As(err, &list) {
		return list.Faults
	}
	var one *fault.Fault
	if errors.As(err, &one) {
		return []*fault.Fault{one}
	}
	return nil
}
