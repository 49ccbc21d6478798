%% Succeeds once each queue and exchange is there that the waiter was granted a right to on the broker named: it logs in as each of the waiter's
%% users, of which it knows by their variables, and asks for them without making them. It is evaluated as it is, where the broker's own AMQP client
%% is among the libraries.
%%
%% Argument: URL of the broker, as the waiter's variables have it.

[Url] = init:get_plain_arguments(),
Tls = fun(Authority) -> % checks the certificate, wildcards in names included
    [
        {verify, verify_peer},
        {customize_hostname_check, [{match_fun, public_key:pkix_verify_hostname_match_fun(https)}]},
        case Authority of none -> {cacerts, public_key:cacerts_get()}; _ -> {cacertfile, Authority} end
    ]
end,
Check = fun(Prefix) ->
    [User, File] = [os:getenv(Prefix ++ Ending) || Ending <- ["_USER", "_PASSWORD_FILE"]],
    {ok, Password} = file:read_file(File),
    Authority = os:getenv(Prefix ++ "_CA_FILE", none),
    [Scheme, Place] = string:split(Url, "://"),
    Options = case Scheme of
        "amqps" -> application:set_env(amqp_client, ssl_options, Tls(Authority)), "?verify=verify_peer";
        _ -> ""
    end,
    Login = [uri_string:quote(User), ":", uri_string:quote(binary_to_list(Password))],
    {ok, Parameters} = amqp_uri:parse(lists:append([Scheme, "://" | Login] ++ ["@", Place, Options])),
    {ok, Connection} = amqp_connection:start(Parameters),
    {ok, Channel} = amqp_connection:open_channel(Connection),
    [amqp_channel:call(Channel, {'exchange.declare', 0, list_to_binary(Name), <<"direct">>, true, false, false, false, false, []})
        || Name <- [os:getenv(Prefix ++ "_EXCHANGE")], Name =/= false],
    [amqp_channel:call(Channel, {'queue.declare', 0, list_to_binary(Name), true, false, false, false, false, []})
        || Name <- [os:getenv(Prefix ++ "_QUEUE")], Name =/= false]
end,
try
    logger:set_primary_config(level, none),
    {ok, _} = application:ensure_all_started(amqp_client),
    {module, _} = code:ensure_loaded(amqp_auth_mechanisms), % whose names it knows no sooner
    [Check(Prefix) || {Name, Value} <- os:env(), Value =:= Url, [Prefix, ""] <- [string:split(Name, "_URL", trailing)],
        os:getenv(Prefix ++ "_PASSWORD_FILE") =/= false],
    halt(0)
catch _:_ ->
    io:format("waiting for what is declared on ~ts~n", [Url]),
    halt(1)
end.
