//go:build tools

// Package programs keeps the programs' modules in go.mod.
package programs

import (
	_ "github.com/nats-io/nats-server/v2"
	_ "github.com/nats-io/natscli/nats"
)
