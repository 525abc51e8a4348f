package collectiontest

import (
	"context"
	"time"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/audit"
)

// Form implements collection.Forms, as do the methods below.
func (s *Store) Form(_ context.Context, id ids.ID) (*collection.Form, error) {
	defer s.begin("")()
	return find(s.forms, id)
}

func (s *Store) FormByFormID(_ context.Context, round ids.ID, formID string) (*collection.Form, error) {
	defer s.begin("")()
	for _, f := range s.forms {
		if f.Round == round && f.FormID == formID {
			return copied(f), nil
		}
	}
	return nil, missing()
}

func (s *Store) ListForms(_ context.Context, round ids.ID) ([]*collection.Form, error) {
	defer s.begin("")()
	return sorted(s.forms, func(f *collection.Form) bool { return f.Round == round },
		func(a, b *collection.Form) bool { return a.Title < b.Title }), nil
}

func (s *Store) PutForm(_ context.Context, _ audit.Actor, f *collection.Form) error {
	defer s.begin("form")()
	for _, o := range s.forms {
		if o.ID != f.ID && o.Round == f.Round && o.FormID == f.FormID {
			return conflict()
		}
	}
	return put(s, s.forms, f, &f.ID, &f.Etag, func(f *collection.Form) int64 { return f.Etag })
}

func (s *Store) Version(_ context.Context, id ids.ID) (*collection.Version, error) {
	defer s.begin("")()
	return find(s.versions, id)
}

func (s *Store) VersionByName(_ context.Context, form ids.ID, version string) (*collection.Version, error) {
	defer s.begin("")()
	for _, v := range s.versions {
		if v.Form == form && v.Version == version && !v.Published.IsZero() {
			return copied(v), nil
		}
	}
	return nil, missing()
}

func (s *Store) ListVersions(_ context.Context, form ids.ID) ([]*collection.Version, error) {
	defer s.begin("")()
	list := sorted(s.versions, func(v *collection.Version) bool { return v.Form == form },
		func(a, b *collection.Version) bool { return a.ID > b.ID })
	for _, v := range list {
		v.XForm, v.Source = nil, nil
	}
	return list, nil
}

func (s *Store) PutDraft(_ context.Context, _ audit.Actor, v *collection.Version, instead ids.ID) error {
	defer s.begin("draft")()
	f := s.forms[v.Form]
	if f == nil {
		return missing()
	}
	if f.Draft != instead {
		return conflict()
	}
	delete(s.versions, f.Draft)
	v.ID = s.next()
	s.versions[v.ID] = copied(v)
	f.Draft = v.ID
	f.Etag++
	return nil
}

func (s *Store) DropDraft(_ context.Context, _ audit.Actor, form, draft ids.ID) error {
	defer s.begin("drop draft")()
	f := s.forms[form]
	if f == nil {
		return missing()
	}
	if f.Draft != draft || draft == 0 {
		return conflict()
	}
	delete(s.versions, draft)
	for h, of := range s.draftTokens {
		if of == form {
			delete(s.draftTokens, h)
		}
	}
	f.Draft = 0
	f.Etag++
	return nil
}

func (s *Store) PutFormFile(_ context.Context, _ audit.Actor, version ids.ID, file collection.FormFile) error {
	defer s.begin("file")()
	v := s.versions[version]
	if v == nil {
		return missing()
	}
	for i := range v.Files {
		if v.Files[i].Name == file.Name {
			v.Files[i] = file
			return nil
		}
	}
	v.Files = append(v.Files, file)
	return nil
}

func (s *Store) Publish(_ context.Context, _ audit.Actor, form, draft ids.ID, at time.Time) (*collection.Version, error) {
	defer s.begin("publish")()
	f := s.forms[form]
	if f == nil {
		return nil, missing()
	}
	if f.Draft != draft || draft == 0 {
		return nil, conflict()
	}
	v := s.versions[draft]
	v.Published = at
	f.Current, f.Draft, f.State = draft, 0, collection.FormOpen
	f.Etag++
	return copied(v), nil
}

func (s *Store) DraftToken(_ context.Context, _ audit.Actor, form ids.ID, hash []byte) error {
	defer s.begin("draft token")()
	for h, f := range s.draftTokens {
		if f == form {
			delete(s.draftTokens, h)
		}
	}
	if hash != nil {
		s.draftTokens[string(hash)] = form
	}
	return nil
}

func (s *Store) FormByDraftToken(ctx context.Context, hash []byte) (*collection.Form, error) {
	defer s.begin("")()
	return find(s.forms, s.draftTokens[string(hash)])
}

// ListSubmissions answers Tests where drafts are asked for, and nothing else.
func (s *Store) ListSubmissions(_ context.Context, f collection.Filter) (*collection.Page, error) {
	defer s.begin("")()
	p := &collection.Page{}
	for _, one := range s.Tests {
		if f.Drafts && one.Form == f.Form {
			p.Rows = append(p.Rows, copied(one))
		}
	}
	p.Total = len(p.Rows)
	return p, nil
}
