# Devices, memories, several clients and several plugins.

closing("devices") do
    all_devices = devices(open_client())
    put("ids", [Int(PjrtEasy.id(device)) for device in all_devices])
    put("local", [Int(PjrtEasy.local_hardware_id(device)) for device in all_devices])
    put("process", [Int(PjrtEasy.process_index(device)) for device in all_devices])
    put("addressable", [PjrtEasy.isaddressable(device) for device in all_devices])
    put("kind", all(device -> !isempty(PjrtEasy.kind(device)), all_devices))
end

closing("memories") do
    client = open_client()
    device = addressable_devices(client)[1]
    put("kinds", [PjrtEasy.kind(memory) for memory in sort(memories(device); by = PjrtEasy.id)])
    put("default", PjrtEasy.kind(default_memory(device)))
    put("distinct", allunique(PjrtEasy.id(memory) for memory in memories(client)))
end

closing("all_reduce") do
    client = open_client()
    exe = compiled(client; num_replicas = input_int("replicas"))
    rows = exe([[upload(client, Float32[d - 1, 1]; device = device)] for (d, device) in enumerate(addressable_devices(exe))])
    foreach(made, rows)
    put("sum", [contents(row[1]) for row in rows])
    put("replica", [row[2][] for row in rows])
end

closing("other_process") do
    client = made(Client(PLUGIN_PATH))
    put("ids", [Int(PjrtEasy.id(device)) for device in devices(client)])
    put("addressable", [Int(PjrtEasy.id(device)) for device in addressable_devices(client)])
    put("process", Int(PjrtEasy.process_index(client)))
end

closing("no_devices") do
    client = made(Client(PLUGIN_PATH))
    put("devices", length(devices(client)))
    put("refused", code(() -> upload(client, floats("x"))) != "OK")
end

# Runs the program `times` times on a client.
function runs(client, times)
    exe, x = compiled(client), upload(client, floats("x"))
    for _ in 1:times
        x = made(exe(x))
    end
    return contents(x)
end

closing("two_clients") do
    first, second = open_client(), open_client()
    put("first", runs(first, 1))
    put("second", runs(second, 2))
end

closing("two_plugins") do
    first, second = open_client(), made(Client(input("other")))
    put("same", PjrtEasy.path(made(PjrtEasy.plugin(first))) == PjrtEasy.path(made(PjrtEasy.plugin(second))))
    put("first", runs(first, 1))
    put("second", runs(second, 2))
end

closing("old_plugin") do
    client = open_client()
    plugin = made(PjrtEasy.plugin(client))
    put("minor", Int(PjrtEasy.api_version(plugin).minor))
    put("has", PjrtEasy.has_function(plugin, "PJRT_Buffer_Bitcast"))
    put("y", runs(client, 1))
end

closing("new_plugin") do
    client = open_client()
    put("newer", PjrtEasy.api_version(made(PjrtEasy.plugin(client))).minor >= 120)
    put("y", runs(client, 1))
end
