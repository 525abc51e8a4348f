package main

import (
	"github.com/spf13/cobra"
)

// houseFlags are the flags of every command that works on a server's data.
type houseFlags struct {
	config, data string
}

func (f *houseFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.config, "config", "", "`file` of settings, as \"waymark serve --config-example\" writes it (default: settings for one laptop)")
	cmd.Flags().StringVar(&f.data, "data", "", "`folder` of the data (default: what the settings say, or ./waymark-data)")
}

// load reads the settings, lets the flags win, and checks the whole.
func (f *houseFlags) load(more ...func(*serveConfig)) (*serveConfig, error) {
	c, err := loadServeConfig(f.config)
	if err != nil {
		return nil, err
	}
	if f.data != "" {
		c.Data = f.data
	}
	for _, set := range more {
		set(c)
	}
	return c, c.check()
}
