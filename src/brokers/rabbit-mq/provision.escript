#!/usr/bin/env escript
%%! -noinput +S 1:1
%% Imports the definitions, which stand beside this file, through the management interface, in the language that the image has. First it is seen
%% whether a queue is there that is of another type, which an import would leave as it is; if so, nothing is changed. Users come last, so that
%% whoever can log in finds everything. Passwords leave as salted hashes.
%% See https://www.rabbitmq.com/docs/definitions and https://www.rabbitmq.com/docs/passwords.
%%
%% Arguments: URL of the interface, the administrator and the file of the password, and the file of the certificates that check the server, if they
%% are not those that Erlang trusts.

main([Url, User, PasswordFile | Rest]) ->
    Authority = case Rest of [] -> none; [File] -> File end,
    [{ok, _} = application:ensure_all_started(Each) || Each <- [inets, ssl]],
    Login = base64:encode_to_string(iolist_to_binary([User, ":", string:trim(read(PasswordFile), trailing, "\n")])),
    Ask = fun(Method, Path, Body) -> ask(Method, Url, Path, Body, Login, Authority) end,
    Definitions = json:decode(read(filename:join(filename:dirname(escript:script_name()), "definitions.json"))),
    Deadline = erlang:monotonic_time(second) + 150, % for a broker that does not answer
    Known = json:decode(until(fun() -> Ask(get, "/api/queues/%2F?columns=name,type,arguments", none) end, Deadline)),
    Refused = [Message || Queue <- maps:get(<<"queues">>, Definitions), Is <- Known, Message <- refusals(Queue, Is)],
    [io:format(standard_error, "refused: ~ts; give the new one another name. Nothing was changed~n", [Message]) || Message <- Refused],
    Refused =:= [] orelse halt(1),
    Last = [<<"users">>, <<"permissions">>],
    Hashed = maps:update_with(<<"users">>, fun(Users) -> [hashed(Each) || Each <- Users] end, Definitions),
    [until(fun() -> Ask(post, "/api/definitions", iolist_to_binary(json:encode(Part))) end, Deadline)
        || Part <- [maps:without(Last, Hashed), maps:with(Last, Hashed)]],
    io:format("everything is as declared~n").

%% What cannot change of a queue that is there.
refusals(#{<<"name">> := Name, <<"arguments">> := Wanted}, #{<<"name">> := Name} = Is) ->
    Active = fun(Arguments) -> case Arguments of #{<<"x-single-active-consumer">> := true} -> " with a single active consumer"; _ -> "" end end,
    Old = [maps:get(<<"type">>, Is), Active(maps:get(<<"arguments">>, Is))],
    New = [maps:get(<<"x-queue-type">>, Wanted), Active(Wanted)],
    case Old =:= New of
        true -> [];
        false -> [io_lib:format("queue '~ts' is of type ~ts and cannot become ~ts", [Name, Old, New])]
    end;
refusals(_, _) -> [].

%% The template has @{name} for the secret of that name.
hashed(#{<<"password">> := <<"@{", Rest/binary>>} = User) ->
    File = <<"/run/secrets/", (binary:part(Rest, 0, byte_size(Rest) - 1))/binary>>,
    Password = read(File),
    Password =/= <<>> orelse fail("~ts: is empty", [File]),
    binary:last(Password) =/= $\n orelse fail("~ts: has an end of line, which clients would take for a part of it", [File]),
    Salt = crypto:strong_rand_bytes(4),
    Hash = base64:encode(<<Salt/binary, (crypto:hash(sha256, <<Salt/binary, Password/binary>>))/binary>>),
    (maps:remove(<<"password">>, User))#{<<"password_hash">> => Hash, <<"hashing_algorithm">> => <<"rabbit_password_hashing_sha256">>}.

ask(Method, Url, Path, Body, Login, Authority) ->
    Headers = [{"authorization", "Basic " ++ Login}],
    Request = case Body of none -> {Url ++ Path, Headers}; _ -> {Url ++ Path, Headers, "application/json", Body} end,
    Tls = case Url of "https:" ++ _ -> [{ssl, tls(Authority)}]; _ -> [] end,
    httpc:request(Method, Request, [{timeout, 30000}, {autoredirect, false} | Tls], [{body_format, binary}]).

%% Checks the certificate, wildcards in names included.
tls(Authority) ->
    [
        {verify, verify_peer},
        {customize_hostname_check, [{match_fun, public_key:pkix_verify_hostname_match_fun(https)}]},
        case Authority of none -> {cacerts, public_key:cacerts_get()}; _ -> {cacertfile, Authority} end
    ].

%% Asks until there is an answer that is not about the state of the server.
until(Ask, Deadline) ->
    case Ask() of
        {ok, { {_, Status, _}, _, Body} } when Status < 300 -> Body;
        {ok, { {_, Status, _}, _, Body} } when Status < 500 -> fail("the broker answered ~b: ~ts", [Status, Body]);
        Other ->
            erlang:monotonic_time(second) < Deadline orelse fail("no answer: ~0tp", [Other]),
            timer:sleep(1000),
            until(Ask, Deadline)
    end.

read(Path) ->
    case file:read_file(Path) of {ok, Text} -> Text; {error, Reason} -> fail("~ts: ~ts", [Path, file:format_error(Reason)]) end.

fail(Format, Arguments) ->
    io:format(standard_error, "failed: " ++ Format ++ "~n", Arguments),
    halt(1).
