%% A stand-in of RabbitMQ's AMQP client: it lets those in whose URIs stand in the file "logins", one a line, and notes the options of TLS.
-module(amqp_connection).
-export([start/1, open_channel/1]).

start(Uri) ->
    {ok, Logins} = file:read_file("logins"),
    Tls = [Name || {Name, _} <- application:get_env(amqp_client, ssl_options, [])],
    ok = file:write_file("calls", io_lib:format("start ~ts ~0p~n", [Uri, Tls]), [append]),
    case lists:member(list_to_binary(Uri), binary:split(Logins, <<"\n">>, [global])) of
        true -> {ok, connection};
        false -> {error, {auth_failure, "refused"}}
    end.

open_channel(connection) -> {ok, channel}.
