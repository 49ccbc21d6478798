//go:build tools

// Package programs keeps the programs' module in go.mod.
package programs

import (
	_ "github.com/kedacore/keda/v2/cmd/adapter"
	_ "github.com/kedacore/keda/v2/cmd/operator"
)
