%% What programs here need of the module that Erlang has from 27 on, for older ones.
-module(json).
-export([decode/1, encode/1]).

decode(Text) ->
    {Value, _} = value(skip(Text)),
    Value.

value(<<"{", Rest/binary>>) -> members(skip(Rest), #{});
value(<<"[", Rest/binary>>) -> elements(skip(Rest), []);
value(<<"\"", Rest/binary>>) -> text(Rest, <<>>);
value(<<"true", Rest/binary>>) -> {true, Rest};
value(<<"false", Rest/binary>>) -> {false, Rest};
value(<<"null", Rest/binary>>) -> {null, Rest};
value(Text) ->
    {match, [{0, Length}]} = re:run(Text, "^-?[0-9]+"),
    <<Number:Length/binary, Rest/binary>> = Text,
    {binary_to_integer(Number), Rest}.

members(<<"}", Rest/binary>>, Map) -> {Map, Rest};
members(<<",", Rest/binary>>, Map) -> members(skip(Rest), Map);
members(Text, Map) ->
    {Key, AfterKey} = value(Text),
    <<":", AfterColon/binary>> = skip(AfterKey),
    {Value, Rest} = value(skip(AfterColon)),
    members(skip(Rest), Map#{Key => Value}).

elements(<<"]", Rest/binary>>, List) -> {lists:reverse(List), Rest};
elements(<<",", Rest/binary>>, List) -> elements(skip(Rest), List);
elements(Text, List) ->
    {Value, Rest} = value(Text),
    elements(skip(Rest), [Value | List]).

text(<<"\\", Next, Rest/binary>>, Text) when Next =:= $"; Next =:= $\\; Next =:= $/ -> text(Rest, <<Text/binary, Next>>);
text(<<"\"", Rest/binary>>, Text) -> {Text, Rest};
text(<<Next, Rest/binary>>, Text) when Next =/= $\\ -> text(Rest, <<Text/binary, Next>>).

skip(<<Blank, Rest/binary>>) when Blank =:= $\s; Blank =:= $\n -> skip(Rest);
skip(Text) -> Text.

encode(Map) when is_map(Map) -> ["{", lists:join(",", [[encode(Key), ":", encode(Value)] || {Key, Value} <- maps:to_list(Map)]), "}"];
encode(List) when is_list(List) -> ["[", lists:join(",", [encode(Each) || Each <- List]), "]"];
encode(Text) when is_binary(Text) -> ["\"", re:replace(Text, "[\"\\\\]", "\\\\&", [global]), "\""];
encode(Word) when is_atom(Word) -> atom_to_binary(Word);
encode(Number) -> integer_to_binary(Number).
