package referraltest

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"waymark/internal/ids"
	"waymark/referral"
	"waymark/trust/audit"
)

// Network implements referral.Networks, as do the methods of this file.
func (m *Memory) Network(_ context.Context, programme ids.ID) (*referral.Network, error) {
	defer m.lock()()
	if n := m.networks[programme]; n != nil {
		return copied(n), nil
	}
	return nil, missing()
}

func (m *Memory) ListNetworks(context.Context) ([]*referral.Network, error) {
	defer m.lock()()
	var all []*referral.Network
	for _, n := range m.networks {
		all = append(all, copied(n))
	}
	slices.SortFunc(all, func(a, b *referral.Network) int { return strings.Compare(a.Programme.String(), b.Programme.String()) })
	return all, nil
}

func (m *Memory) PutNetwork(_ context.Context, by audit.Actor, n *referral.Network) error {
	defer m.lock()()
	var etag int64
	if now := m.networks[n.Programme]; now != nil {
		etag = now.Etag
	}
	if n.Etag != etag {
		return conflict()
	}
	n.Etag++
	m.networks[n.Programme] = copied(n)
	m.record(audit.Entry{Actor: by, Action: "network.change"}, n.Programme, "network:"+n.Programme.String())
	return nil
}

func (m *Memory) Agencies(_ context.Context, network ids.ID) ([]*referral.Agency, error) {
	defer m.lock()()
	var all []*referral.Agency
	for _, a := range m.agencies {
		if a.Network == network {
			all = append(all, copied(a))
		}
	}
	slices.SortFunc(all, func(a, b *referral.Agency) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

func (m *Memory) Agency(_ context.Context, id ids.ID) (*referral.Agency, error) {
	defer m.lock()()
	if a := m.agencies[id]; a != nil {
		return copied(a), nil
	}
	return nil, missing()
}

func (m *Memory) PutAgency(_ context.Context, by audit.Actor, a *referral.Agency) error {
	defer m.lock()()
	if m.networks[a.Network] == nil {
		return missing()
	}
	if a.ID == 0 {
		a.ID = m.ids.New()
	} else if now := m.agencies[a.ID]; now == nil || now.Etag != a.Etag || now.Network != a.Network {
		return conflict()
	}
	a.Etag++
	m.agencies[a.ID] = copied(a)
	m.record(audit.Entry{Actor: by, Action: "network.change"}, a.Network, "agency:"+a.ID.String())
	return nil
}

func (m *Memory) Members(_ context.Context, network ids.ID) ([]referral.Member, error) {
	defer m.lock()()
	var all []referral.Member
	for account, agency := range m.members[network] {
		all = append(all, referral.Member{Account: account, Agency: agency})
	}
	slices.SortFunc(all, func(a, b referral.Member) int { return strings.Compare(a.Account.String(), b.Account.String()) })
	return all, nil
}

func (m *Memory) SetMember(_ context.Context, by audit.Actor, network, account, agency ids.ID) error {
	defer m.lock()()
	if m.networks[network] == nil || agency != 0 && (m.agencies[agency] == nil || m.agencies[agency].Network != network) {
		return missing()
	}
	if m.members[network] == nil {
		m.members[network] = map[ids.ID]ids.ID{}
	}
	if m.members[network][account] = agency; agency == 0 {
		delete(m.members[network], account)
	}
	m.record(audit.Entry{Actor: by, Action: "network.change"}, network, "account:"+account.String())
	return nil
}

func (m *Memory) AgencyOf(_ context.Context, network, account ids.ID) (ids.ID, error) {
	defer m.lock()()
	return m.members[network][account], nil
}

func (m *Memory) Links(_ context.Context, network ids.ID) ([]*referral.Link, error) {
	defer m.lock()()
	var all []*referral.Link
	for _, l := range m.links {
		if l.Network == network {
			all = append(all, copied(l))
		}
	}
	slices.SortFunc(all, func(a, b *referral.Link) int { return strings.Compare(b.ID.String(), a.ID.String()) })
	return all, nil
}

func (m *Memory) PutLink(_ context.Context, by audit.Actor, l *referral.Link, digest []byte) error {
	defer m.lock()()
	switch now := m.links[l.ID]; {
	case l.ID != 0 && now == nil, m.networks[l.Network] == nil:
		return missing()
	case l.ID == 0:
		l.ID, l.Made = m.ids.New(), m.now()
	case now.Network != l.Network:
		return conflict()
	}
	if len(digest) > 0 {
		for token, id := range m.tokens {
			if id == l.ID {
				delete(m.tokens, token)
			}
		}
		m.tokens[string(digest)] = l.ID
	}
	m.links[l.ID] = copied(l)
	m.record(audit.Entry{Actor: by, Action: "network.change"}, l.Network, "link:"+l.ID.String())
	return nil
}

func (m *Memory) LinkByToken(_ context.Context, digest []byte) (*referral.Link, error) {
	defer m.lock()()
	if l := m.links[m.tokens[string(digest)]]; l != nil && l.Revoked.IsZero() {
		return copied(l), nil
	}
	return nil, missing()
}

func (m *Memory) Link(_ context.Context, id ids.ID) (*referral.Link, error) {
	defer m.lock()()
	if l := m.links[id]; l != nil {
		return copied(l), nil
	}
	return nil, missing()
}

func (m *Memory) KeepRules(_ context.Context, version string, text []byte) error {
	defer m.lock()()
	m.rules[version] = bytes.Clone(text)
	return nil
}

func (m *Memory) Rules(_ context.Context, version string) ([]byte, error) {
	defer m.lock()()
	if text, ok := m.rules[version]; ok {
		return bytes.Clone(text), nil
	}
	return nil, missing()
}
