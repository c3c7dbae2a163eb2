package simulator

// Sickness to order, over HTTP beside the API: POST /peer/fault?method=M&how=H&times=N, /peer/expire,
// /peer/tools?vm=V&running=B, /peer/load?vm=V&memory_mib=N&cpu_mhz=N, /peer/alarm?kind=K&entity=E&status=S.

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"

	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

type plan struct {
	how   string
	times int
}

var (
	plans     = map[string]*plan{}
	plansLock sync.Mutex
)

// take: how the next call of a method is to go wrong, in one of these ways; "": it is not.
func take(method string, ways ...string) string {
	plansLock.Lock()
	defer plansLock.Unlock()
	next, ok := plans[method]
	if !ok || next.times == 0 {
		return ""
	}
	for _, way := range ways {
		if next.how == way {
			next.times--
			return way
		}
	}
	return ""
}

// planned: the answer that was ordered for this method; nil: none. `raced`: somebody changed the VM since it was read.
func planned(method *Method) soap.HasFault {
	if vm, ok := Map.Get(method.This).(*VirtualMachine); ok && take(method.Name, "raced") != "" {
		vm.Config.ChangeVersion += "+"
	}
	if take(method.Name, "ignored") != "" { // by the guest, which was asked politely
		return &methods.ShutdownGuestBody{Res: &types.ShutdownGuestResponse{}}
	}
	if take(method.Name, "busy") != "" {
		return &serverFaultBody{Reason: Fault("", &types.TaskInProgress{
			Task: types.ManagedObjectReference{Type: "Task", Value: "task-0"},
		})}
	}
	return nil
}

// Faulty serves orders, and loses, cuts or withholds answers as ordered. `lost` and `silent` answers had their effect.
func Faulty(inner http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/peer/") {
			order(w, r)
			return
		}
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		way := take(methodOf(body), "lost", "silent", "cut", "garbage", "deaf")
		if way == "" {
			inner.ServeHTTP(w, r)
			return
		}
		if way == "deaf" { // no effect, no answer
			<-r.Context().Done()
			return
		}
		answer := httptest.NewRecorder()
		inner.ServeHTTP(answer, r)
		text := answer.Body.Bytes()
		switch way {
		case "silent":
			<-r.Context().Done()
		case "lost":
			panic(http.ErrAbortHandler)
		case "cut":
			w.Header().Set("Content-Length", strconv.Itoa(len(text)))
			_, _ = w.Write(text[:len(text)/2])
		case "garbage":
			_, _ = w.Write([]byte("<html>it works</html>"))
		}
	})
}

// methodOf is the element inside the SOAP body.
func methodOf(body []byte) string {
	_, rest, _ := bytes.Cut(body, []byte("Body>"))
	_, rest, _ = bytes.Cut(rest, []byte("<"))
	end := bytes.IndexAny(rest, " >/")
	if end < 0 {
		return ""
	}
	return string(rest[:end])
}

func order(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()
	switch r.URL.Path {
	case "/peer/fault":
		times, err := strconv.Atoi(asked.Get("times"))
		if err != nil {
			http.Error(w, "times", http.StatusBadRequest)
			return
		}
		plansLock.Lock()
		plans[asked.Get("method")] = &plan{asked.Get("how"), times}
		plansLock.Unlock()
	case "/peer/expire":
		manager := Map.SessionManager()
		sessionMutex.Lock()
		for key := range manager.sessions {
			delete(manager.sessions, key)
		}
		sessionMutex.Unlock()
	case "/peer/tools":
		vm := Map.Get(types.ManagedObjectReference{Type: "VirtualMachine", Value: asked.Get("vm")}).(*VirtualMachine)
		Map.WithLock(vm, func() { tools(vm, asked.Get("running") == "true") })
	case "/peer/load":
		vm := Map.Get(types.ManagedObjectReference{Type: "VirtualMachine", Value: asked.Get("vm")}).(*VirtualMachine)
		memory, _ := strconv.Atoi(asked.Get("memory_mib"))
		mhz, _ := strconv.Atoi(asked.Get("cpu_mhz"))
		Map.WithLock(vm, func() {
			vm.Summary.QuickStats.GuestMemoryUsage, vm.Summary.QuickStats.OverallCpuUsage = int32(memory), int32(mhz)
		})
	case "/peer/alarm":
		raise(asked.Get("kind"), asked.Get("entity"), asked.Get("status"))
	default:
		http.NotFound(w, r)
	}
}
