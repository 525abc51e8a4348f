package demo

import (
	"sync"
	"time"

	"waymark/monitoring/collection/draft"
)

// published is when the demonstration's form was.
var published = time.Date(2015, 12, 1, 8, 0, 0, 0, time.UTC)

// Draft is the built-in questionnaire as a form's version.
func Draft() (*draft.Draft, error) {
	return draft.Builtin(Instrument, draft.Options{Now: published})
}

// XForm is the questionnaire as phones have it.
var XForm = sync.OnceValues(func() ([]byte, error) {
	d, err := Draft()
	if err != nil {
		return nil, err
	}
	return d.Version.XForm, nil
})
