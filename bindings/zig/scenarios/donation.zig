//! Donation: which runs take their arguments over.

const pjrt = @import("pjrt_easy");
const common = @import("request.zig");
const Ready = common.Ready;
const Request = common.Request;

pub const scenarios = .{
    .{ "donation", donation },
    .{ "donation_refused", donationRefused },
    .{ "donated_twice", donatedTwice },
    .{ "refused_run_donates_nothing", refusedRunDonatesNothing },
    .{ "training_loop", trainingLoop },
};

fn donation(r: *Request) !void {
    var ready = try Ready.init(r);
    defer ready.deinit();
    var args = [_]pjrt.Buffer{ try r.upload(ready.client, "a"), try r.upload(ready.client, "b") };
    defer common.releaseAll(&args);
    var y: [1]pjrt.Buffer = undefined;
    try r.put("donated", ready.executable.argIsDonated(0));
    try ready.executable.execute(&args, &y, .{});
    defer y[0].deinit();
    try r.put("deleted", args[0].isDeleted());
    try r.put("other_deleted", args[1].isDeleted());
    try r.putContents("y", y[0]);
    var values: [64]f32 = undefined;
    try r.putCode("read", args[0].read(f32, &values));
    var again: [1]pjrt.Buffer = undefined;
    try r.putCode("execute", ready.executable.execute(&args, &again, .{}));
}

fn donationRefused(r: *Request) !void {
    var ready = try Ready.init(r);
    defer ready.deinit();
    var args = [_]pjrt.Buffer{ try r.upload(ready.client, "a"), try r.upload(ready.client, "b") };
    defer common.releaseAll(&args);
    var y: [1]pjrt.Buffer = undefined;
    try ready.executable.execute(&args, &y, .{ .non_donatable = &.{0} });
    defer y[0].deinit();
    try r.put("deleted", args[0].isDeleted());
    try r.putContents("a", args[0]);
    try r.putContents("y", y[0]);
}

fn donatedTwice(r: *Request) !void {
    var ready = try Ready.init(r);
    defer ready.deinit();
    var a = try r.upload(ready.client, "a");
    defer a.deinit();
    try r.putCode("code", ready.executable.callOne(.{ a, a }));
    try r.put("deleted", a.isDeleted());
}

fn refusedRunDonatesNothing(r: *Request) !void {
    var ready = try Ready.init(r);
    defer ready.deinit();
    var a = try r.upload(ready.client, "a");
    defer a.deinit();
    try r.putCode("code", ready.executable.callOne(.{ a, &[3]f32{ 1, 2, 3 } }));
    try r.put("deleted", a.isDeleted());
    try r.putContents("a", a);
}

fn trainingLoop(r: *Request) !void {
    var ready = try Ready.init(r);
    defer ready.deinit();
    var state = try r.upload(ready.client, "a");
    defer state.deinit();
    var b = try r.upload(ready.client, "b");
    defer b.deinit();
    for (0..try r.count("n")) |_| {
        const next = try ready.executable.callOne(.{ state, b });
        state.deinit();
        state = next;
    }
    try r.putContents("y", state);
}
