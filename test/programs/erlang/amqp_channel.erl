%% A stand-in of RabbitMQ's AMQP client: there is what stands in the file "there", one name a line.
-module(amqp_channel).
-export([call/2]).

call(channel, Method) ->
    {Kind, Name, Passive} = case Method of
        {'exchange.declare', 0, Exchange, _, P, _, _, _, _, []} -> {exchange, Exchange, P};
        {'queue.declare', 0, Queue, P, _, _, _, _, []} -> {queue, Queue, P}
    end,
    ok = file:write_file("calls", io_lib:format("~ts ~ts ~ts~n", [Kind, Name, Passive]), [append]),
    {ok, There} = file:read_file("there"),
    lists:member(Name, binary:split(There, <<"\n">>, [global])) orelse exit({shutdown, {server_initiated_close, 404, <<"NOT_FOUND">>}}),
    ok.
