package simulator

// What release 0.24.2 of the library lacks of a real vCenter: guests that reboot, results in portions, changes that are
// refused when somebody else was first, hot add, alarms.

import (
	"fmt"
	"sort"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

const bootTime = 300 * time.Millisecond

var version int64

// call stands before the library's own `call`, which is called `answer` in this build.
func (s *Service) call(ctx *Context, method *Method) soap.HasFault {
	if fault := refused(ctx, method); fault != nil {
		return fault
	}
	if fault := planned(method); fault != nil {
		return fault
	}
	vm, isVM := Map.Get(method.This).(*VirtualMachine)
	if !isVM {
		return portioned(method, s.answer(ctx, method))
	}
	if wanted, ok := method.Body.(*types.ReconfigVM_Task); ok {
		if fault := unchangeable(vm, &wanted.Spec); fault != nil {
			return failedTask(vm, fault)
		}
		vm.Config.ChangeVersion = fmt.Sprint(atomic.AddInt64(&version, 1))
	}
	power, booted := vm.Runtime.PowerState, vm.Summary.Runtime.BootTime
	body := s.answer(ctx, method)
	ctx.WithLock(vm, func() {
		if vm.Runtime.PowerState != power {
			settle(vm)
		} else if method.Name == "ResetVM_Task" && power == types.VirtualMachinePowerStatePoweredOn {
			vm.Summary.Runtime.BootTime = booted // a reset is no power-on
			tools(vm, true)
			ctx.postEvent(&types.VmResettingEvent{VmEvent: vm.event()})
		}
	})
	return body
}

// settle makes the guest follow the power.
func settle(vm *VirtualMachine) {
	on := vm.Runtime.PowerState == types.VirtualMachinePowerStatePoweredOn
	vm.Runtime.BootTime = vm.Summary.Runtime.BootTime
	if !on {
		vm.Runtime.BootTime, vm.Summary.Runtime.BootTime = nil, nil
	}
	tools(vm, on)
}

func tools(vm *VirtualMachine, running bool) {
	state, beat := types.VirtualMachineToolsRunningStatusGuestToolsNotRunning, types.ManagedEntityStatusGray
	if running {
		state, beat = types.VirtualMachineToolsRunningStatusGuestToolsRunning, types.ManagedEntityStatusGreen
	}
	vm.Guest.ToolsRunningStatus = string(state)
	vm.Summary.QuickStats.GuestHeartbeatStatus = beat
	vm.GuestHeartbeatStatus = beat
}

// RebootGuest restarts the guest: its tools are gone for a moment. As on a vCenter, the boot time of the VM stays.
func (vm *VirtualMachine) RebootGuest(ctx *Context, req *types.RebootGuest) soap.HasFault {
	body := &methods.RebootGuestBody{}
	if vm.Runtime.PowerState != types.VirtualMachinePowerStatePoweredOn {
		body.Fault_ = Fault("", &types.InvalidPowerState{
			RequestedState: types.VirtualMachinePowerStatePoweredOn, ExistingState: vm.Runtime.PowerState,
		})
		return body
	}
	if vm.Guest.ToolsRunningStatus != string(types.VirtualMachineToolsRunningStatusGuestToolsRunning) {
		body.Fault_ = Fault("", &types.ToolsUnavailable{})
		return body
	}
	ctx.postEvent(&types.VmGuestRebootEvent{VmEvent: vm.event()})
	tools(vm, false)
	time.AfterFunc(bootTime, func() { Map.WithLock(vm, func() { settle(vm) }) })
	body.Res = &types.RebootGuestResponse{}
	return body
}

// unchangeable: the fault of a change that a vCenter does not take; nil: it does.
func unchangeable(vm *VirtualMachine, spec *types.VirtualMachineConfigSpec) types.BaseMethodFault {
	if spec.ChangeVersion != "" && spec.ChangeVersion != vm.Config.ChangeVersion {
		return &types.ConcurrentAccess{}
	}
	if vm.Runtime.PowerState == types.VirtualMachinePowerStatePoweredOff {
		return nil
	}
	hardware := vm.Config.Hardware
	more := int32(spec.MemoryMB) > hardware.MemoryMB && isTrue(vm.Config.MemoryHotAddEnabled)
	if spec.MemoryMB != 0 && int32(spec.MemoryMB) != hardware.MemoryMB && !more {
		return &types.InvalidPowerState{ExistingState: vm.Runtime.PowerState}
	}
	more = spec.NumCPUs > hardware.NumCPU && isTrue(vm.Config.CpuHotAddEnabled)
	if spec.NumCPUs != 0 && spec.NumCPUs != hardware.NumCPU && !more {
		return &types.InvalidPowerState{ExistingState: vm.Runtime.PowerState}
	}
	return nil
}

func failedTask(vm *VirtualMachine, fault types.BaseMethodFault) soap.HasFault {
	task := CreateTask(vm, "reconfigVm", func(*Task) (types.AnyType, types.BaseMethodFault) { return nil, fault })
	return &methods.ReconfigVM_TaskBody{Res: &types.ReconfigVM_TaskResponse{Returnval: task.Run()}}
}

var (
	portions     = map[string]portion{}
	portionsLock sync.Mutex
)

type portion struct {
	objects []types.ObjectContent
	size    int
}

// portioned cuts a long result as `maxObjects` asks; the rest waits under a token.
func portioned(method *Method, body soap.HasFault) soap.HasFault {
	wanted, ok := method.Body.(*types.RetrievePropertiesEx)
	if !ok || body.Fault() != nil || wanted.Options.MaxObjects == 0 {
		return body
	}
	result := body.(*methods.RetrievePropertiesExBody).Res
	if result == nil || result.Returnval == nil {
		return body
	}
	result.Returnval = cut(result.Returnval.Objects, int(wanted.Options.MaxObjects))
	return body
}

func cut(objects []types.ObjectContent, size int) *types.RetrieveResult {
	if len(objects) <= size {
		return &types.RetrieveResult{Objects: objects}
	}
	portionsLock.Lock()
	defer portionsLock.Unlock()
	token := strconv.FormatInt(atomic.AddInt64(&version, 1), 10)
	portions[token] = portion{objects[size:], size}
	return &types.RetrieveResult{Objects: objects[:size], Token: token}
}

// ContinueRetrievePropertiesEx is the next portion.
func (pc *PropertyCollector) ContinueRetrievePropertiesEx(ctx *Context, req *types.ContinueRetrievePropertiesEx) soap.HasFault {
	body := &methods.ContinueRetrievePropertiesExBody{}
	portionsLock.Lock()
	left, ok := portions[req.Token]
	delete(portions, req.Token)
	portionsLock.Unlock()
	if !ok {
		body.Fault_ = Fault("", &types.InvalidArgument{InvalidProperty: "token"})
		return body
	}
	body.Res = &types.ContinueRetrievePropertiesExResponse{Returnval: *cut(left.objects, left.size)}
	return body
}

// Furnish gives what the model leaves empty or wrong: guests with addresses and tools, usage, versions of configurations.
func Furnish() {
	all := Map.All("VirtualMachine")
	sort.Slice(all, func(i, j int) bool { return all[i].Entity().Name < all[j].Entity().Name })
	for number, entity := range all {
		vm := entity.(*VirtualMachine)
		vm.Config.ChangeVersion = "0"
		no := false
		vm.Config.MemoryHotAddEnabled, vm.Config.CpuHotAddEnabled = &no, &no
		vm.Guest.HostName = fmt.Sprintf("guest-%d", number)
		address := fmt.Sprintf("10.%d.%d.%d", 64+number/65536, number/256%256, number%256)
		vm.Guest.IpAddress = address
		if len(vm.Guest.Net) > 0 {
			vm.Guest.Net[0].IpAddress = []string{address}
		}
		stats := &vm.Summary.QuickStats
		stats.OverallCpuUsage, stats.GuestMemoryUsage = 120, 8
		vm.Runtime.MaxCpuUsage = 2294
		settle(vm)
	}
	for _, entity := range Map.All("ClusterComputeResource") { // the library counts in bytes, a vCenter in MiB
		entity.(*ClusterComputeResource).Summary.GetComputeResourceSummary().EffectiveMemory >>= 20
	}
}

// raise sets an alarm on an entity, as it shows on the entity and on the root folder.
func raise(kind, value, status string) {
	ref := types.ManagedObjectReference{Type: kind, Value: value}
	alarm := &mo.Alarm{}
	alarm.Self = types.ManagedObjectReference{Type: "Alarm", Value: fmt.Sprintf("alarm-%d", atomic.AddInt64(&version, 1))}
	alarm.Info.Name, alarm.Info.Description = "Usage is high", "Raised by hand."
	alarm.Info.Alarm, alarm.Info.Entity = alarm.Self, Map.content().RootFolder
	Map.Put(alarm)
	no := false
	state := types.AlarmState{
		Key: alarm.Self.Value + "." + value, Entity: ref, Alarm: alarm.Self, Time: time.Now(),
		OverallStatus: types.ManagedEntityStatus(status), Acknowledged: &no,
	}
	for _, one := range []types.ManagedObjectReference{ref, Map.content().RootFolder} {
		entity := Map.Get(one).(mo.Entity).Entity()
		entity.TriggeredAlarmState = append(entity.TriggeredAlarmState, state)
		entity.OverallStatus = state.OverallStatus
	}
}
