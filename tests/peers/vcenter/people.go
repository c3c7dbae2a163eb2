package simulator

// Who may log in, and what each may do: the library takes any password and never refuses anything.

import (
	"github.com/vmware/govmomi/vim25"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// Person is an account. Privileges nil: all of them.
type Person struct {
	Name, Password string
	Privileges     []string
}

var people = map[string]Person{}

// Admit makes accounts.
func Admit(all []Person) {
	for _, one := range all {
		people[one.Name] = one
	}
}

func (p Person) may(privilege string) bool {
	if p.Privileges == nil {
		return true
	}
	for _, one := range p.Privileges {
		if one == privilege {
			return true
		}
	}
	return false
}

// needs: method -> privilege, as the vSphere Web Services reference says.
var needs = map[string]string{
	"RebootGuest":              "VirtualMachine.Interact.Reset",
	"ResetVM_Task":             "VirtualMachine.Interact.Reset",
	"ShutdownGuest":            "VirtualMachine.Interact.PowerOff",
	"PowerOffVM_Task":          "VirtualMachine.Interact.PowerOff",
	"PowerOnVM_Task":           "VirtualMachine.Interact.PowerOn",
	"SuspendVM_Task":           "VirtualMachine.Interact.Suspend",
	"CreateSnapshot_Task":      "VirtualMachine.State.CreateSnapshot",
	"RemoveSnapshot_Task":      "VirtualMachine.State.RemoveSnapshot",
	"RevertToSnapshot_Task":    "VirtualMachine.State.RevertToSnapshot",
	"Destroy_Task":             "VirtualMachine.Inventory.Delete",
	"CreateContainerView":      "System.View",
	"RetrievePropertiesEx":     "System.View",
	"CreateCollectorForEvents": "System.View",
	"QueryPerf":                "System.Read",
}

func needed(method *Method) []string {
	if wanted, ok := method.Body.(*types.ReconfigVM_Task); ok {
		var all []string
		if wanted.Spec.MemoryMB != 0 {
			all = append(all, "VirtualMachine.Config.Memory")
		}
		if wanted.Spec.NumCPUs != 0 {
			all = append(all, "VirtualMachine.Config.CPUCount")
		}
		if len(all) == 0 {
			all = append(all, "VirtualMachine.Config.Settings")
		}
		return all
	}
	if privilege, ok := needs[method.Name]; ok {
		return []string{privilege}
	}
	return nil
}

// refused: the fault of somebody who is not logged in, not known, or not allowed; nil: go on.
func refused(ctx *Context, method *Method) soap.HasFault {
	if login, ok := method.Body.(*types.Login); ok {
		person, known := people[login.UserName]
		if !known || person.Password != login.Password {
			return &serverFaultBody{Reason: invalidLogin}
		}
		return nil
	}
	if ctx.Session == nil {
		// The library answers with empty objects here; a vCenter refuses.
		if method.Name == "RetrievePropertiesEx" && method.This != vim25.ServiceInstance {
			return &serverFaultBody{Reason: Fault("", &types.NotAuthenticated{
				NoPermission: types.NoPermission{Object: method.This, PrivilegeId: "System.View"},
			})}
		}
		return nil
	}
	person, known := people[ctx.Session.UserName]
	if !known { // the simulator itself
		return nil
	}
	for _, privilege := range needed(method) {
		if !person.may(privilege) {
			return &serverFaultBody{Reason: Fault(
				"Permission to perform this operation was denied.",
				&types.NoPermission{Object: method.This, PrivilegeId: privilege},
			)}
		}
	}
	return nil
}
