// Package transit wraps keysets by a key of HashiCorp Vault or OpenBao that
// never leaves it: the transit secrets engine.
//
// It asks that service and nothing else. It knows what a master key is, and not
// what it wraps.
package transit

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/hashicorp/vault/api"
	"github.com/tink-crypto/tink-go-hcvault/v2/integration/hcvault"
	"github.com/tink-crypto/tink-go/v2/tink"

	"waymark/internal/fault"
	"waymark/trust/vault"
)

// Scheme is what the address of a key begins with.
const Scheme = "hcvault://"

// patience is how long one answer of the service is waited for.
const patience = 10 * time.Second

// Options say which key and who asks for it.
type Options struct {
	// Key is "hcvault://HOST:PORT/MOUNT/keys/NAME": Required. The key must be of a
	// type that takes associated data, as aes256-gcm96 does.
	Key string
	// Token lets us in. TokenFile is read before each call instead, for tokens
	// that are renewed. One of them is Required.
	Token, TokenFile string
}

// Open returns the master key. It asks the service nothing yet. The usual
// variables of that service hold for the rest: VAULT_CACERT, VAULT_NAMESPACE.
func Open(o Options) (vault.Master, error) {
	u, err := url.Parse(o.Key)
	if err != nil || !strings.HasPrefix(o.Key, Scheme) || u.Host == "" || u.User != nil || u.RawQuery != "" {
		return nil, fault.New(fault.Invalid, fault.Place{}, "this is no address of a key in a key service", "write it as hcvault://HOST:PORT/transit/keys/NAME")
	}
	if o.Token == "" && o.TokenFile == "" {
		return nil, fault.New(fault.Invalid, fault.Place{}, "there is no token for the key service", "set VAULT_TOKEN, or name a file that holds the token")
	}
	config := api.DefaultConfig()
	if config == nil || config.Error != nil {
		return nil, fault.Wrap(fault.Invalid, fault.Place{}, "the settings of the key service in the environment cannot be used", "look at the VAULT_ variables", config.Error)
	}
	config.Address, config.AgentAddress = "https://"+u.Host, ""
	config.Timeout, config.MaxRetries = patience, 2
	client, err := api.NewClient(config)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, fault.Place{}, "the settings of the key service cannot be used", "look at the VAULT_ variables", err)
	}
	client.SetToken(o.Token)
	key, err := hcvault.NewAEAD(u.EscapedPath(), client.Logical())
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, fault.Place{}, "this is no path of a key in a key service", "write it as hcvault://HOST:PORT/transit/keys/NAME", err)
	}
	return &master{name: o.Key, tokenFile: o.TokenFile, client: client, key: key}, nil
}

type master struct {
	name, tokenFile string
	client          *api.Client
	key             tink.AEAD
}

func (m *master) Name() string { return m.name }

func (m *master) Encrypt(plain, bound []byte) ([]byte, error) {
	return m.call(m.key.Encrypt, plain, bound)
}

func (m *master) Decrypt(wrapped, bound []byte) ([]byte, error) {
	return m.call(m.key.Decrypt, wrapped, bound)
}

func (m *master) call(do func(a, b []byte) ([]byte, error), data, bound []byte) ([]byte, error) {
	if m.tokenFile != "" {
		token, err := os.ReadFile(m.tokenFile)
		if err != nil {
			return nil, fault.Wrap(fault.Unavailable, fault.Place{File: m.tokenFile}, "the token for the key service could not be read", "name a file that holds the token", err)
		}
		m.client.SetToken(strings.TrimSpace(string(token)))
	}
	out, err := do(data, bound)
	if err == nil {
		return out, nil
	}
	var refused *api.ResponseError
	switch {
	case !errors.As(err, &refused):
		return nil, fault.Wrap(fault.Unavailable, fault.Place{}, "the key service does not answer", "check its address, its certificate (VAULT_CACERT) and that it is unsealed", err)
	case refused.StatusCode == http.StatusForbidden:
		return nil, fault.Wrap(fault.Denied, fault.Place{}, "the key service refuses the token", "renew the token; it needs update on encrypt and decrypt of the key", err)
	}
	return nil, fault.Wrap(fault.Unavailable, fault.Place{}, fmt.Sprintf("the key service answers %d", refused.StatusCode), "the key's own log says why", err)
}
